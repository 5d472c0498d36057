package io.sluice.auth;

/** Whose way to sign messages. */
public enum SignaturePreset {
  /** {@code X-Hub-Signature-256}; has no timestamp. */
  GITHUB,
  /** {@code Stripe-Signature}. */
  STRIPE,
  /** {@code X-Slack-Signature}. */
  SLACK,
  /** {@code Webhook-Signature}, as standardwebhooks.com has it. */
  STANDARD_WEBHOOKS,
  /** As the key {@code custom} says. */
  CUSTOM
}

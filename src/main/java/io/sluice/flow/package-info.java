/**
 * Byte credit over the event bus: the one way in which batches move between verticles.
 *
 * <p>A receiver ({@link io.sluice.flow.Intake}) owns a budget of bytes and grants parts of it to
 * the senders ({@link io.sluice.flow.Lane}) it knows. A sender spends what it was granted and holds
 * back the rest. Credit comes home when a parcel is <em>complete</em>, never when it arrives, so
 * what a receiver and its senders have in memory between them never exceeds the budget, however
 * many senders there are.
 *
 * <p>All counters are cumulative bytes since a lane's session began, as in the flow control of QUIC
 * (RFC 9000, section 4): a grant says how far a sender may go in all, an offer says where it
 * begins. So a message that is lost, late or seen twice changes nothing that the next one does not
 * mend, and {@code granted = free + in flight} can be checked at any moment:
 *
 * <pre>
 *   lane ── Hello(session, version, limit, spent, wanted) ──► intake     every few seconds, and at once when credit is short
 *   lane ◄─ Grant(session, version, limit, most) ──────────── intake     answers a hello; pushed when credit came home
 *   lane ◄─ Recall(session, limit, reserve) ───────────────── intake     others are short: lower yourself and say hello
 *   lane ── Offer(session, from, weight, content) ──────────► intake
 *   lane ◄─ Settled(answer, grant) ────────────────────────── intake     answers an offer, with fresh credit where there is
 *   lane ── Bye(session) ───────────────────────────────────► intake
 * </pre>
 *
 * <p>The sources of a stream do not each have a lane of their own: those on one event loop share
 * one ({@link io.sluice.flow.SharedLane}) through inlets that come and go.
 *
 * <p>The protocol needs what the event bus gives: messages of one lane arrive in the order they
 * were sent, or not at all.
 */
@NullMarked
package io.sluice.flow;

import org.jspecify.annotations.NullMarked;

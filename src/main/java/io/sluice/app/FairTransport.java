package io.sluice.app;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Linux's epoll, where a connection to a server of ours is read once in a turn of its event loop:
 * 64 KiB at the most.
 *
 * <p>By itself Netty reads up to sixteen times in a row from a peer that keeps up, and Vert.x stops
 * reading only when that is over. So of a large body a megabyte would be read, and held, before
 * anybody could refuse it, and who else is on the loop would wait for that.
 *
 * @param other the transport as it comes
 */
record FairTransport(Transport other) implements Transport, io.vertx.core.transport.Transport {
  private static final int READS_IN_A_TURN = 1;

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    other.configure(options, domainSocket, bootstrap);
    bootstrap.childOption(
        ChannelOption.RECVBUF_ALLOCATOR,
        new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_IN_A_TURN));
  }

  @Override
  public void configure(
      ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
    other.configure(options, connectTimeout, domainSocket, bootstrap);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    other.configure(channel, options);
  }

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public boolean available() {
    return other.isAvailable();
  }

  @Override
  public Transport implementation() {
    return this;
  }

  @Override
  public boolean supportsDomainSockets() {
    return other.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return other.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return other.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return other.unavailabilityCause();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return other.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return other.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return other.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(
      int type, int threads, ThreadFactory threadFactory, int ioRatio) {
    return other.eventLoopGroup(type, threads, threadFactory, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel() {
    return other.datagramChannel();
  }

  @Override
  @SuppressWarnings("deprecation") // Vert.x asks for it so
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return other.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return other.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return other.serverChannelFactory(domainSocket);
  }
}

package dev.pawl.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

/**
 * Everything goes through the tunnel but TLS to an IPv6 address that is written out: the JDK's client takes its brackets
 * for part of a name there (seen in 25). It needs no tunnel, as nothing is looked up.
 */
final class Ways extends ProxySelector {

    private final List<Proxy> tunnel;

    Ways(InetSocketAddress tunnel) {
        this.tunnel = List.of(new Proxy(Proxy.Type.HTTP, tunnel));
    }

    @Override
    public List<Proxy> select(URI uri) {
        boolean straight = uri.getScheme().equals("https") && uri.getHost().startsWith("[");
        return straight ? List.of(Proxy.NO_PROXY) : tunnel;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // There is no other way to take next time.
    }
}

package dev.pawl.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Name to addresses; tests have one whose answers change. */
@FunctionalInterface
interface Resolver {

    Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    List<InetAddress> resolve(String host) throws UnknownHostException;
}

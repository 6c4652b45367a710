package dev.pawl.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * What an address can reach, by the special-purpose registries of IANA (RFC 6890) and what the large clouds use for the
 * metadata of their machines.
 */
enum Reach {
    /** Anybody's. */
    PUBLIC("a public address"),
    /** This machine or the network it is in. */
    PRIVATE("a private address"),
    /** Where a cloud hands its machines their credentials. */
    METADATA("a cloud's metadata address"),
    /** No single machine: unspecified, multicast, reserved, documentation. */
    NOWHERE("no address of a machine");

    private static final List<Range> RANGES = List.of(
            METADATA.range("169.254.169.254/32"),
            METADATA.range("169.254.170.2/32"), // tasks of AWS ECS
            METADATA.range("169.254.170.23/32"), // pods of AWS EKS
            METADATA.range("100.100.100.200/32"), // Alibaba
            METADATA.range("168.63.129.16/32"), // Azure; a public address otherwise
            METADATA.range("192.0.0.192/32"), // Oracle
            METADATA.range("fd00:ec2::/32"), // AWS
            METADATA.range("fd20:ce::254/128"), // Google
            NOWHERE.range("0.0.0.0/8"),
            PRIVATE.range("10.0.0.0/8"),
            PRIVATE.range("100.64.0.0/10"),
            PRIVATE.range("127.0.0.0/8"),
            PRIVATE.range("169.254.0.0/16"),
            PRIVATE.range("172.16.0.0/12"),
            NOWHERE.range("192.0.0.0/24"),
            NOWHERE.range("192.0.2.0/24"),
            NOWHERE.range("192.88.99.0/24"),
            PRIVATE.range("192.168.0.0/16"),
            PRIVATE.range("198.18.0.0/15"),
            NOWHERE.range("198.51.100.0/24"),
            NOWHERE.range("203.0.113.0/24"),
            NOWHERE.range("224.0.0.0/4"),
            NOWHERE.range("240.0.0.0/4"),
            NOWHERE.range("::/128"),
            PRIVATE.range("::1/128"),
            PRIVATE.range("64:ff9b:1::/48"), // NAT64 of somebody's own: what it leads to is theirs to know
            NOWHERE.range("2001::/23"), // Teredo, ORCHID and other protocols' own
            NOWHERE.range("2001:db8::/32"),
            NOWHERE.range("3fff::/20"),
            PRIVATE.range("fc00::/7"),
            PRIVATE.range("fe80::/10"),
            PRIVATE.range("fec0::/10"),
            NOWHERE.range("ff00::/8"));

    /** IPv6 forms that lead to the IPv4 address in them, and where in their 16 bytes it stands. */
    private static final List<Carrier> CARRIERS = List.of(
            new Carrier(PUBLIC.range("::ffff:0:0:0/96"), 12), // SIIT
            new Carrier(PUBLIC.range("64:ff9b::/96"), 12), // NAT64
            new Carrier(PUBLIC.range("2002::/16"), 2)); // 6to4

    /** In front of the last 32 bits; nothing there is the older IPv4-compatible form. */
    private static final BigInteger MAPPED = BigInteger.valueOf(0xffff);

    private static final Range GLOBAL_UNICAST = PUBLIC.range("2000::/3");

    private final String words;

    Reach(String words) {
        this.words = words;
    }

    private record Range(Reach reach, int length, BigInteger prefix, int bits) {
        boolean holds(byte[] address) {
            return address.length == length
                    && new BigInteger(1, address).shiftRight(length * 8 - bits).equals(prefix);
        }
    }

    private record Carrier(Range range, int at) {}

    private Range range(String cidr) {
        int slash = cidr.indexOf('/');
        int bits = Integer.parseInt(cidr.substring(slash + 1));
        byte[] start = literal(cidr.substring(0, slash)).getAddress();
        return new Range(this, start.length, new BigInteger(1, start).shiftRight(start.length * 8 - bits), bits);
    }

    /** @param address no name: nothing is looked up */
    static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException notOne) {
            throw new IllegalArgumentException("\"" + address + "\" is no IP address.", notOne);
        }
    }

    static Reach of(InetAddress address) {
        return of(address.getAddress());
    }

    private static Reach of(byte[] address) {
        for (Range range : RANGES) if (range.holds(address)) return range.reach();
        if (address.length == 4) return PUBLIC;
        byte[] inside = carried(address);
        if (inside.length == 4) return of(inside);
        return GLOBAL_UNICAST.holds(address) ? PUBLIC : NOWHERE;
    }

    private static byte[] carried(byte[] address) {
        var front = new BigInteger(1, address).shiftRight(32);
        if (front.equals(BigInteger.ZERO) || front.equals(MAPPED)) return Arrays.copyOfRange(address, 12, 16);
        for (Carrier carrier : CARRIERS) {
            if (carrier.range().holds(address)) return Arrays.copyOfRange(address, carrier.at(), carrier.at() + 4);
        }
        return new byte[0];
    }

    @Override
    public String toString() {
        return words;
    }
}

package dev.pawl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {

    private static Reach of(String address) {
        return Reach.of(Reach.literal(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "223.255.255.255",
                "2606:4700::1111",
                "::ffff:8.8.8.8",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void public_addresses(String address) {
        assertThat(of(address)).isEqualTo(Reach.PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.0.1",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.1",
                "::1",
                "::127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:7f00:1",
                "::ffff:0:127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::10.1.2.3",
                "64:ff9b:1::808:808",
                "2002:a00:1::1",
                "2002:7f00:1::",
                "fc00::1",
                "fdff:ffff::1",
                "fe80::1",
                "febf::1",
                "fec0::1"
            })
    void private_addresses(String address) {
        assertThat(of(address)).isEqualTo(Reach.PRIVATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.170.2",
                "100.100.100.200",
                "168.63.129.16",
                "fd00:ec2::254",
                "fd20:ce::254",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::"
            })
    void metadata_addresses(String address) {
        assertThat(of(address)).isEqualTo(Reach.METADATA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "192.0.0.1",
                "192.0.2.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::ffff:0.0.0.0",
                "::5:8.8.8.8",
                "64:ff9b::e000:1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "4000::1",
                "ff02::1"
            })
    void addresses_of_no_machine(String address) {
        assertThat(of(address)).isEqualTo(Reach.NOWHERE);
    }

    /** Java turns these into IPv4 addresses, but not on every way. */
    @Test
    void a_mapped_address_that_is_still_ipv6() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 127, 0, 0, 1};
        InetAddress kept = Inet6Address.getByAddress("x", mapped, 1);
        assertThat(kept.getAddress()).hasSize(16);
        assertThat(Reach.of(kept)).isEqualTo(Reach.PRIVATE);
    }

    @Test
    void only_addresses_are_literals() {
        assertThatThrownBy(() -> Reach.literal(":x")).isInstanceOf(IllegalArgumentException.class);
    }
}

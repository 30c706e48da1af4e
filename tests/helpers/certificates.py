"""A test authority and the certificates that a server may show: right, for another host, expired, self-signed …"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM: the certificate (with its chain) and its key."""

    chain: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the server's own certificate, in hexadecimal digits."""
        return x509.load_pem_x509_certificate(self.chain.read_bytes()).fingerprint(hashes.SHA256()).hex()


class Authority:
    """Issues certificates into a folder; ``ca_file`` is what ``SSL_CERT_FILE`` should name."""

    def __init__(self, folder: Path, name: str = "Whimbrel test authority") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._count = 0
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=400))
            .not_valid_after(now + dt.timedelta(days=400))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .add_extension(_key_usage(authority=True), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue(
        self, *hosts: str, expired: bool = False, for_clients: bool = False, with_authority: bool = False
    ) -> Certificate:
        """A certificate for the given host names.

        Args:
            for_clients: of the wrong purpose for a server.
            with_authority: the authority's own certificate is shown with it.
        """
        issued = self._write(hosts, self._key, self._name, expired=expired, for_clients=for_clients)
        if with_authority:
            issued.chain.write_bytes(issued.chain.read_bytes() + self.ca_file.read_bytes())
        return issued

    def self_signed(self, *hosts: str) -> Certificate:
        """A certificate that nobody but itself vouches for."""
        return self._write(hosts, None, None, expired=False, for_clients=False)

    def _write(
        self,
        hosts: tuple[str, ...],
        issuer_key: ec.EllipticCurvePrivateKey | None,
        issuer_name: x509.Name | None,
        *,
        expired: bool,
        for_clients: bool,
    ) -> Certificate:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        now = dt.datetime.now(dt.UTC)
        signer = issuer_key or key
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if for_clients else ExtendedKeyUsageOID.SERVER_AUTH
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer_name or subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=30))
            .not_valid_after(now + dt.timedelta(days=-1 if expired else 300))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(_key_usage(authority=False), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        self._count += 1
        stem = f"{hosts[0]}-{self._count}"
        result = Certificate(self._folder / f"{stem}.pem", self._folder / f"{stem}.key")
        result.chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        result.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return result


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )

//! TLS that `serve` ends itself: a given certificate, or a certificate authority of the county's own.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use falin_domain::time::Date;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Years that the authority is valid.
const AUTHORITY_YEARS: i16 = 10;
/// Days that a server certificate is valid; phones refuse more than 825 even of an authority installed by hand.
const SERVER_DAYS: i64 = 800;

/// Why there is no TLS.
#[derive(Debug)]
pub struct TlsFault(String);

impl std::fmt::Display for TlsFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TlsFault {}

fn fault(what: &Path, cause: impl std::fmt::Display) -> TlsFault {
    TlsFault(format!("{}: {cause}", what.display()))
}

/// Files of the county's own authority and server certificate.
#[derive(Clone, Debug)]
pub struct OwnFiles {
    /// To be installed on the phones and computers that shall trust the server.
    pub authority: PathBuf,
    authority_key: PathBuf,
    /// Certificate of the server, followed by the authority's.
    pub server: PathBuf,
    /// Key of the server.
    pub server_key: PathBuf,
}

impl OwnFiles {
    /// Below `data/tls`.
    pub fn below(data: &Path) -> Self {
        let folder = data.join("tls");
        Self {
            authority: folder.join("ca.pem"),
            authority_key: folder.join("ca-key.pem"),
            server: folder.join("server.pem"),
            server_key: folder.join("server-key.pem"),
        }
    }

    /// True where a server certificate has been made.
    pub fn exist(&self) -> bool {
        self.server.is_file() && self.server_key.is_file()
    }

    /// Makes the authority where it is missing and a server certificate for `names` (host names and IP
    /// addresses), valid from the day before `today`.
    ///
    /// # Errors
    /// A name that is none, or files that cannot be written.
    pub fn make(&self, names: &[String], today: Date) -> Result<(), TlsFault> {
        if let Some(folder) = self.server.parent() {
            fs::create_dir_all(folder).map_err(|e| fault(folder, e))?;
        }
        if !self.authority.is_file() {
            self.make_authority(today)?;
        }
        self.make_server(names, today)
    }

    fn make_authority(&self, today: Date) -> Result<(), TlsFault> {
        let failed = |e| fault(&self.authority, e);
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = authority_params().map_err(failed)?;
        valid(&mut params, today, today.plus_months(i32::from(AUTHORITY_YEARS) * 12));
        let certificate = params.self_signed(&key).map_err(failed)?;
        write_private(&self.authority_key, &key.serialize_pem())?;
        write_private(&self.authority, &certificate.pem())
    }

    fn make_server(&self, names: &[String], today: Date) -> Result<(), TlsFault> {
        let failed = |e| fault(&self.server, e);
        let authority = fs::read_to_string(&self.authority).map_err(|e| fault(&self.authority, e))?;
        let authority_key =
            fs::read_to_string(&self.authority_key).map_err(|e| fault(&self.authority_key, e))?;
        let signer = KeyPair::from_pem(&authority_key).map_err(|e| fault(&self.authority_key, e))?;
        // Name, usage and key are all that a signature takes over from its issuer.
        let issuer = Issuer::new(authority_params().map_err(failed)?, signer);
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = CertificateParams::new(names.to_vec()).map_err(failed)?;
        let first = names.first().map_or("falin", String::as_str);
        params.distinguished_name.push(DnType::CommonName, first);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        valid(&mut params, today, today.plus_days(SERVER_DAYS));
        let certificate = params.signed_by(&key, &issuer).map_err(failed)?;
        write_private(&self.server_key, &key.serialize_pem())?;
        write_private(&self.server, &format!("{}{authority}", certificate.pem()))
    }
}

fn authority_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "Falin local authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// From the day before, since clocks of phones differ.
fn valid(params: &mut CertificateParams, from: Date, to: Date) {
    let day = |date: Date| {
        let (year, month, day) = date.parts();
        date_time_ymd(i32::from(year), month as u8, day as u8)
    };
    params.not_before = day(from.plus_days(-1));
    params.not_after = day(to);
}

/// Written whole or not at all, readable by the owner alone from the first byte.
fn write_private(path: &Path, text: &str) -> Result<(), TlsFault> {
    let beside = path.with_extension("new");
    let write = || -> io::Result<()> {
        let _ = fs::remove_file(&beside);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|e| fault(path, e))
}

/// The server's side of TLS 1.2 and 1.3 with this certificate chain and key.
///
/// # Errors
/// A file that cannot be read or is no PEM, or a key that does not belong to the certificate.
pub fn server_config(certificate: &Path, key: &Path) -> Result<ServerConfig, TlsFault> {
    let read = CertificateDer::pem_file_iter(certificate).map_err(|e| fault(certificate, e))?;
    let chain = read.collect::<Result<Vec<_>, _>>().map_err(|e| fault(certificate, e))?;
    if chain.is_empty() {
        return Err(fault(certificate, "holds no certificate"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|e| fault(key, e))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|e| fault(certificate, e))?.with_no_client_auth();
    builder.with_single_cert(chain, private).map_err(|e| fault(key, e))
}

/// The last day of the first certificate in a PEM file; None where it holds none that can be read.
pub fn last_day(file: &Path) -> Option<Date> {
    let certificate = CertificateDer::from_pem_file(file).ok()?;
    // Certificate → tbsCertificate → version, serial, algorithm, issuer, validity → not before, not after (RFC 5280).
    let (_, outer, _) = element(&certificate)?;
    let (_, mut fields, _) = element(outer)?;
    if fields.first() == Some(&0xa0) {
        fields = element(fields)?.2;
    }
    for _ in 0..3 {
        fields = element(fields)?.2;
    }
    let (_, validity, _) = element(fields)?;
    let (tag, text, _) = element(element(validity)?.2)?;
    let text = std::str::from_utf8(text).ok()?;
    // UTCTime has two digits of the year: from 50 on they are of the last century.
    let (year, rest) = match tag {
        0x17 => {
            let year: u32 = text.get(..2)?.parse().ok()?;
            (if year >= 50 { 1900 + year } else { 2000 + year }, text.get(2..6)?)
        }
        0x18 => (text.get(..4)?.parse().ok()?, text.get(4..8)?),
        _ => return None,
    };
    format!("{year:04}-{}-{}", rest.get(..2)?, rest.get(2..)?).parse().ok()
}

/// Tag, content and what follows of the DER element (X.690) at the start of `bytes`.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, first) = (*bytes.first()?, *bytes.get(1)?);
    let (length, head) = match first {
        0..=0x7f => (usize::from(first), 2),
        0x81..=0x84 => {
            let digits = bytes.get(2..2 + usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |n, byte| n << 8 | usize::from(*byte)), 2 + digits.len())
        }
        _ => return None,
    };
    let end = head.checked_add(length)?;
    Some((tag, bytes.get(head..end)?, bytes.get(end..)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_own_authority_signs_a_server_that_serves() {
        let data = std::env::temp_dir().join(format!("falin-tls-{}", std::process::id()));
        let files = OwnFiles::below(&data);
        let today = Date::new(2026, 3, 1).unwrap();
        assert!(!files.exist());
        files.make(&["falin.local".into(), "192.168.1.7".into()], today).unwrap();
        let authority = fs::read_to_string(&files.authority).unwrap();
        server_config(&files.server, &files.server_key).unwrap();
        files.make(&["other.local".into()], today.plus_days(1)).unwrap();
        assert_eq!(fs::read_to_string(&files.authority).unwrap(), authority, "phones trust it already");
        for path in [&files.authority_key, &files.server_key] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(server_config(&files.server, &files.authority_key).is_err());
        let days = today.days_until(last_day(&files.server).unwrap());
        assert!((SERVER_DAYS - 1..=SERVER_DAYS + 2).contains(&days), "{days}");
        assert_eq!(last_day(&files.server_key), None);
        fs::remove_dir_all(&data).unwrap();
    }
}

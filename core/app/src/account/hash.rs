//! Password hashing, one at a time: argon2id with 19 MiB and two passes (OWASP Password Storage, trust.md).

use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{Semaphore, SemaphorePermit};
use zeroize::Zeroizing;

use crate::{App, Fault, Stop};

/// One for the whole process, since it bounds the process's memory and cores: 19 MiB at any load.
static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);
/// Longest wait for one's turn, about a hundred hashes; then 503.
const PATIENCE: Duration = Duration::from_secs(5);

/// The right to hash. Guesses are counted while holding it, so that no two run side by side.
pub(super) struct Turn {
    _permit: SemaphorePermit<'static>,
}

/// Waits for one's turn.
pub(super) async fn turn() -> Result<Turn, Stop> {
    let permit = tokio::time::timeout(PATIENCE, ONE_AT_A_TIME.acquire()).await;
    match permit {
        Ok(Ok(permit)) => Ok(Turn { _permit: permit }),
        _ => Err(Stop::Busy),
    }
}

fn argon2() -> Result<Argon2<'static>, Stop> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(fault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn fault(error: impl std::fmt::Display) -> Stop {
    Fault::new("password", error.to_string()).into()
}

impl Turn {
    /// The PHC text of a new password.
    pub async fn hash(&self, app: &App, password: &str) -> Result<String, Stop> {
        let salt = SaltString::encode_b64(&app.entropy().bytes::<16>()).map_err(fault)?;
        let password = Zeroizing::new(password.to_owned());
        let work = move || {
            let hash = argon2()?.hash_password(password.as_bytes(), &salt).map_err(fault)?;
            Ok(hash.to_string())
        };
        tokio::task::spawn_blocking(work).await.map_err(fault)?
    }

    /// True where `password` is the one behind `phc`. Without a `phc` the same work is done for nothing, so that
    /// an unknown name takes as long as a known one.
    pub async fn verify(&self, password: &str, phc: Option<String>) -> Result<bool, Stop> {
        let password = Zeroizing::new(password.to_owned());
        let work = move || match phc {
            Some(phc) => {
                let parsed = PasswordHash::new(&phc).map_err(fault)?;
                Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok())
            }
            None => {
                let mut out = [0u8; 32];
                argon2()?.hash_password_into(password.as_bytes(), &[0; 16], &mut out).map_err(fault)?;
                Ok(false)
            }
        };
        tokio::task::spawn_blocking(work).await.map_err(fault)?
    }
}

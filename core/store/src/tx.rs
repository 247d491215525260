//! What a store call holds: the connection, the instant, random bytes, the keys and the journal's pen.

use diesel::connection::SimpleConnection;
use falin_domain::time::Instant;
use falin_domain::words::{CountyId, Id, TokenId};

use crate::conn::Conn;
use crate::entropy::Entropy;
use crate::journal::{self, Entry, Written};
use crate::keys::{Bound, Keys};
use crate::stop::Stop;

/// One transaction, reading or writing. Its closure may be repeated, so nothing outside it may change.
pub struct Tx<'a> {
    /// The connection, inside an open transaction.
    pub conn: &'a mut Conn,
    /// The instant at which the transaction began.
    pub now: Instant,
    keys: &'a Keys,
    entropy: Entropy,
    written: Vec<Written>,
    bumped: bool,
    token: Option<TokenId>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: &'a mut Conn, keys: &'a Keys, now: Instant, entropy: Entropy) -> Self {
        Self { conn, now, keys, entropy, written: Vec::new(), bumped: false, token: None }
    }

    /// The same for what a program asked for by a token.
    pub(crate) fn by(self, token: Option<TokenId>) -> Self {
        Self { token, ..self }
    }

    pub(crate) fn into_written(self) -> Vec<Written> {
        self.written
    }

    pub(crate) fn bumped(&self) -> bool {
        self.bumped
    }

    /// A fresh id that sorts by now.
    pub fn id<T>(&mut self) -> Id<T> {
        Id::from_parts(self.now, self.entropy.bytes())
    }

    /// The next `N` random bytes of this transaction.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        self.entropy.bytes()
    }

    /// The keys, for MACs and blind indexes.
    pub fn keys(&self) -> &'a Keys {
        self.keys
    }

    /// Seals a field for its place.
    ///
    /// # Errors
    /// See [`Keys::seal`].
    pub fn seal(&mut self, at: Bound<'_>, plain: &str) -> Result<Vec<u8>, Stop> {
        self.keys.seal(at, plain, &mut self.entropy)
    }

    /// Seals a file for its place.
    ///
    /// # Errors
    /// See [`Keys::seal`].
    pub fn seal_bytes(&mut self, at: Bound<'_>, plain: &[u8]) -> Result<Vec<u8>, Stop> {
        self.keys.seal_bytes(at, plain, &mut self.entropy)
    }

    /// Opens a sealed field of this place.
    ///
    /// # Errors
    /// See [`Keys::open_field`].
    pub fn open(&self, at: Bound<'_>, sealed: &[u8]) -> Result<String, Stop> {
        self.keys.open_field(at, sealed)
    }

    /// Blind index of a normalised value.
    pub fn blind(&self, county: CountyId, column: &str, value: &str) -> Vec<u8> {
        self.keys.blind(county, column, value)
    }

    /// Writes a journal entry in this transaction.
    ///
    /// # Errors
    /// The database's own.
    pub fn record(&mut self, entry: Entry<'_>) -> Result<(), Stop> {
        let id = self.id();
        let written = journal::insert(self.conn, self.keys, self.now, (id, self.token), entry)?;
        self.written.push(written);
        Ok(())
    }

    /// Does something of which nothing stays where it is refused, while the rest of the transaction goes on. The inner
    /// result is its own; what ends the whole transaction, such as a busy database, comes as the outer error.
    ///
    /// # Errors
    /// What [`passes`](Stop::passes), or the database's own where the savepoint itself fails.
    pub fn attempt<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<Result<T, Stop>, Stop> {
        let written = self.written.len();
        self.conn.batch_execute("SAVEPOINT falin_attempt")?;
        match work(self) {
            Ok(value) => {
                self.conn.batch_execute("RELEASE SAVEPOINT falin_attempt")?;
                Ok(Ok(value))
            }
            Err(stop) if stop.passes() => Err(stop),
            Err(stop) => {
                self.conn
                    .batch_execute("ROLLBACK TO SAVEPOINT falin_attempt; RELEASE SAVEPOINT falin_attempt")?;
                self.written.truncate(written);
                Ok(Err(stop))
            }
        }
    }

    /// Tells cached public pages of `noun` in `county` that they are old.
    ///
    /// # Errors
    /// The database's own.
    pub fn bump(&mut self, county: CountyId, noun: &str) -> Result<(), Stop> {
        self.bumped = true;
        let [spread] = self.entropy.bytes();
        crate::generation::bump(self.conn, county, noun, spread)
    }
}

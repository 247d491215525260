//! Typed ids: uuid v7 as 16 bytes, so that a household's id can never stand for a lawyer's.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Instant;

/// An id of the noun `T`: uuid v7 (RFC 9562), 16 bytes in the database, UUID text outside.
pub struct Id<T> {
    uuid: Uuid,
    noun: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// A new id that sorts by `now`; the ten random bytes are the caller's.
    pub fn from_parts(now: Instant, random: [u8; 10]) -> Self {
        let ms = u64::try_from(now.millis()).unwrap_or(0);
        let uuid = uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid();
        Self::from_uuid(uuid)
    }

    /// The id that these 16 bytes are; None for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(Self::from_uuid)
    }

    /// The 16 bytes as the database keeps them.
    pub fn bytes(self) -> Vec<u8> {
        self.uuid.as_bytes().to_vec()
    }

    /// The plain uuid.
    pub fn uuid(self) -> Uuid {
        self.uuid
    }

    /// The same 16 bytes as an id of another noun, for tables that hold ids of several.
    pub fn cast<U>(self) -> Id<U> {
        Id::from_uuid(self.uuid)
    }

    /// Wraps a uuid that is known to be of noun `T`.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, noun: PhantomData }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.hyphenated().fmt(f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.hyphenated().fmt(f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        if text.len() != 36 {
            return Err(BadId);
        }
        Uuid::try_parse(text).map(Self::from_uuid).map_err(|_| BadId)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(|_| serde::de::Error::custom("not an id"))
    }
}

/// The text is not a hyphenated UUID.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadId;

macro_rules! nouns {
    ($($(#[$doc:meta])* $noun:ident $alias:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $noun {}
        $(#[$doc])*
        pub type $alias = Id<$noun>;
    )*};
}

nouns! {
    /// A tenant: the node of the divisions that a justice bureau serves.
    CountyNoun CountyId;
    /// A log-in.
    AccountNoun AccountId;
    /// A signed-in browser.
    SessionNoun SessionId;
    /// A bearer token of a program.
    TokenNoun TokenId;
    /// A node of the administrative divisions.
    DivisionNoun DivisionId;
    /// A service platform: centre, station or studio.
    FacilityNoun FacilityId;
    /// A law firm or basic-level legal service office.
    FirmNoun FirmId;
    /// A legal worker of any kind.
    WorkerNoun WorkerId;
    /// A village's legal adviser appointment.
    AdviserPostNoun AdviserPostId;
    /// A grid below a village.
    GridNoun GridId;
    /// A household.
    HouseholdNoun HouseholdId;
    /// A member of a household.
    MemberNoun MemberId;
    /// A person's wish for erasure, and what came of it.
    RestrictionNoun RestrictionId;
    /// A dated category of a household.
    CategoryNoun CategoryId;
    /// A dated pairing of a household with a provider.
    PairingNoun PairingId;
    /// A pairing or handover plan.
    PlanNoun PlanId;
    /// A contact card.
    CardNoun CardId;
    /// A mediation room.
    RoomNoun RoomId;
    /// A booking of a room.
    BookingNoun BookingId;
    /// Bookings made in one go, week by week.
    SeriesNoun SeriesId;
    /// What a booking holds or serves without knowing more of it: a party, a mediation case.
    HeldNoun HeldId;
    /// A room's closure or special opening.
    ClosureNoun ClosureId;
    /// A place on the waiting list for a room.
    WaitNoun WaitId;
    /// A calendar feed.
    FeedNoun FeedId;
    /// One import of a roster.
    BatchNoun BatchId;
    /// A duty shift.
    ShiftNoun ShiftId;
    /// An offer to swap a duty shift.
    SwapNoun SwapId;
    /// A fee rule of village advisers.
    FeeNoun FeeId;
    /// A visit to a household or village.
    VisitNoun VisitId;
    /// An entry of the service log.
    LogNoun LogId;
    /// A chat group that is kept for a village.
    GroupNoun GroupId;
    /// A notary's matter with its papers.
    MatterNoun MatterId;
    /// An appointment with a notary.
    AppointmentNoun AppointmentId;
    /// An issued paper.
    PaperNoun PaperId;
    /// One version of a paper.
    PaperVersionNoun PaperVersionId;
    /// A county's own template of a paper.
    PaperTemplateNoun PaperTemplateId;
    /// A journal entry.
    EntryNoun EntryId;
    /// A deadline of a case.
    DeadlineNoun DeadlineId;
    /// A message in the outbox.
    NoticeNoun NoticeId;
    /// A message in somebody's inbox.
    MessageNoun MessageId;
    /// A call that a clerk makes because no notice reaches the person.
    CallNoun CallId;
    /// A case of a flow.
    CaseNoun CaseId;
    /// One step of a case.
    StepNoun StepId;
    /// A party or other person of a case.
    PartyNoun PartyId;
    /// A photo, scan or recording on a case.
    AttachmentNoun AttachmentId;
    /// An offer of a case to somebody else.
    TransferNoun TransferId;
    /// A span in which one worker stands in for another.
    DeputyNoun DeputyId;
    /// A table of figures as it was reported.
    ReportNoun ReportId;
    /// A mediation committee.
    CommitteeNoun CommitteeId;
    /// A member of a mediation committee.
    CommitteeMemberNoun CommitteeMemberId;
    /// A plugin in a county.
    PluginNoun PluginId;
    /// What a plugin's hook or job could not do.
    LetterNoun LetterId;
    /// A document that a plugin's library keeps.
    DocumentNoun DocumentId;
    /// What a plugin's library is still to be told or asked.
    ErrandNoun ErrandId;
    /// A county's settings of a plugin.
    PluginSettingNoun PluginSettingId;
    /// A post of a plugin that somebody holds.
    PluginPostNoun PluginPostId;
    /// A table that was read for a plugin.
    PluginBatchNoun PluginBatchId;
    /// The cases of a plugin that was taken out.
    PluginExportNoun PluginExportId;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_sort_by_time_and_travel_as_text() {
        let early = HouseholdId::from_parts(Instant::from_millis(1_000), [9; 10]);
        let late = HouseholdId::from_parts(Instant::from_millis(2_000), [0; 10]);
        assert!(early < late);
        let text = serde_json::to_string(&late).unwrap();
        assert_eq!(serde_json::from_str::<HouseholdId>(&text).unwrap(), late);
        assert_eq!(HouseholdId::from_bytes(&late.bytes()), Some(late));
        assert!("42".parse::<HouseholdId>().is_err());
    }
}

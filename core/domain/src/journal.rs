//! The journal's two vocabularies: what happened, why it happened, and who must act next.

use crate::access::Role;
use crate::directory::codes;

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $code:literal => $next:expr;)*) => {
        /// What happened. Its code is stored; its text is `event-…` in both languages.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Event { $($(#[$doc])* $variant),* }

        impl Event {
            /// Every event.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stored code, `noun.verb`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The event with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// The role whose turn it is after this event; None where nobody has to act.
            pub const fn next_actor(self) -> Option<Role> {
                match self { $(Self::$variant => $next),* }
            }
        }
    };
}

events! {
    /// A county was set up.
    CountyCreated = "county.created" => Some(Role::CountyAdmin);
    /// Settings of a county changed.
    CountyChanged = "county.changed" => None;
    /// An account was made; its owner activates it.
    AccountCreated = "account.created" => None;
    /// The owner set a password with the activation slip.
    AccountActivated = "account.activated" => None;
    /// An account's roles changed.
    AccountRolesChanged = "account.roles_changed" => None;
    /// An account was disabled.
    AccountDisabled = "account.disabled" => None;
    /// An account was enabled again.
    AccountEnabled = "account.enabled" => None;
    /// A password changed; all sessions ended.
    PasswordChanged = "account.password_changed" => None;
    /// A second factor was enrolled.
    TotpEnrolled = "account.totp_enrolled" => None;
    /// A second factor was taken away; the next sign-in enrols another.
    TotpRemoved = "account.totp_removed" => None;
    /// A new activation slip replaced the password.
    SlipIssued = "account.slip_issued" => None;
    /// Activation slips were opened for printing.
    SlipsPrinted = "account.slips_printed" => None;
    /// An account was guessed at more often than a finger slips.
    AccountGuessed = "account.guessed" => Some(Role::SecurityAdmin);
    /// Somebody signed in.
    SignedIn = "session.started" => None;
    /// A session ended.
    SignedOut = "session.ended" => None;
    /// A program's token was issued.
    TokenIssued = "token.issued" => None;
    /// A program's token was revoked.
    TokenRevoked = "token.revoked" => None;
    /// A division was added or changed.
    DivisionSaved = "division.saved" => None;
    /// A facility was added or changed.
    FacilitySaved = "facility.saved" => None;
    /// A firm was added or changed.
    FirmSaved = "firm.saved" => None;
    /// A legal worker was added or changed.
    WorkerSaved = "worker.saved" => None;
    /// A legal worker's leave was recorded; pairings wait for a handover.
    WorkerLeave = "worker.leave" => Some(Role::CountyAdmin);
    /// A deputy was named for a worker, or a deputy's time ended early.
    DeputySaved = "deputy.saved" => None;
    /// A legal worker left.
    WorkerLeft = "worker.left" => Some(Role::CountyAdmin);
    /// An adviser post was given.
    PostSaved = "post.saved" => None;
    /// An adviser post ended.
    PostEnded = "post.ended" => Some(Role::CountyAdmin);
    /// A grid was added or changed.
    GridSaved = "grid.saved" => None;
    /// A room was added or changed.
    RoomSaved = "room.saved" => None;
    /// A room was closed or opened for once, or that was taken back.
    ClosureSaved = "closure.saved" => None;
    /// A time was booked and holds.
    BookingMade = "booking.made" => None;
    /// A time was asked for and is held until somebody confirms it.
    BookingAsked = "booking.asked" => Some(Role::Clerk);
    /// A booking was confirmed.
    BookingConfirmed = "booking.confirmed" => None;
    /// A booking has another time, room or people.
    BookingMoved = "booking.moved" => None;
    /// A booking was cancelled.
    BookingCancelled = "booking.cancelled" => None;
    /// Nobody came.
    BookingNoShow = "booking.no_show" => None;
    /// A booking ended early.
    BookingReleased = "booking.released" => None;
    /// A booking waits for a decision: the room closed, somebody is away, a conflict came to light.
    BookingFlagged = "booking.flagged" => Some(Role::Clerk);
    /// The cause of a flag is gone, or somebody decided that the booking stays.
    BookingKept = "booking.kept" => None;
    /// Somebody waits for a time.
    WaitSaved = "wait.saved" => None;
    /// A freed time is held for who waits for it.
    WaitOffered = "wait.offered" => Some(Role::Clerk);
    /// A calendar feed was made.
    FeedMade = "feed.made" => None;
    /// A calendar feed was revoked.
    FeedRevoked = "feed.revoked" => None;
    /// A household was added or changed.
    HouseholdSaved = "household.saved" => None;
    /// Somebody opened a household.
    HouseholdRead = "household.read" => None;
    /// Somebody revealed sealed fields of a household.
    HouseholdRevealed = "household.revealed" => None;
    /// Somebody was entered as a member of a household.
    MemberAdded = "household.member_added" => None;
    /// Something about a member was corrected.
    MemberChanged = "household.member_changed" => None;
    /// A member no longer belongs to the household.
    MemberEnded = "household.member_ended" => None;
    /// A member was taken away who was entered by mistake.
    MemberRemoved = "household.member_removed" => None;
    /// A category of a household was added, ended or given other dates.
    CategoryDated = "household.category_dated" => None;
    /// A household became due for pairing.
    HouseholdLeft = "household.left" => None;
    /// A person asked for erasure of what is kept about the household.
    ErasureAsked = "household.erasure_asked" => Some(Role::CountyAdmin);
    /// The county refused it.
    ErasureRefused = "household.erasure_refused" => None;
    /// From now on a household and its closed cases are only stored.
    HouseholdRestricted = "household.restricted" => None;
    /// The person asked to take that back.
    LiftAsked = "household.lift_asked" => Some(Role::CountyAdmin);
    /// It was taken back.
    RestrictionLifted = "household.restriction_lifted" => None;
    /// Somebody proposed to destroy what need not be kept any more.
    DestructionProposed = "household.destruction_proposed" => Some(Role::CountyAdmin);
    /// It was not approved.
    DestructionDeclined = "household.destruction_declined" => None;
    /// A second person approved it, and it was done.
    HouseholdDestroyed = "household.destroyed" => None;
    /// A duty shift was planned.
    ShiftPlanned = "shift.planned" => None;
    /// A duty shift was changed or given to another.
    ShiftChanged = "shift.changed" => None;
    /// Who was planned is away; somebody must be found.
    ShiftFlagged = "shift.flagged" => Some(Role::CountyAdmin);
    /// A duty shift was cancelled.
    ShiftCancelled = "shift.cancelled" => None;
    /// A duty shift was offered to a colleague.
    SwapOffered = "swap.offered" => Some(Role::Lawyer);
    /// An offered shift was accepted, declined or taken back.
    SwapAnswered = "swap.answered" => None;
    /// What advisers owe was set.
    DutyRuleSaved = "duty_rule.saved" => None;
    /// What advisers are paid was set.
    FeeSaved = "duty_fee.saved" => None;
    /// A visit was planned or changed.
    VisitSaved = "visit.saved" => Some(Role::Lawyer);
    /// A visit was done.
    VisitDone = "visit.done" => None;
    /// A service was logged.
    ServiceLogged = "service_log.saved" => None;
    /// A logged service was corrected.
    ServiceCorrected = "service_log.corrected" => None;
    /// A group was added or changed.
    GroupSaved = "group.saved" => None;
    /// A notary matter was added or changed.
    MatterSaved = "notary_matter.saved" => None;
    /// An appointment with a notary was made or changed.
    AppointmentSaved = "appointment.saved" => None;
    /// A roster was imported.
    RosterImported = "roster.imported" => Some(Role::CountyAdmin);
    /// An import was undone.
    RosterUndone = "roster.undone" => None;
    /// Holidays were published.
    HolidaysImported = "holidays.imported" => None;
    /// A deadline was extended, with reason and source.
    DeadlineExtended = "deadline.extended" => None;
    /// A deadline was counted again because holidays were published.
    DeadlineRecounted = "deadline.recounted" => None;
    /// The one who must act was reminded.
    DeadlineReminded = "deadline.reminded" => None;
    /// 催办: the house's target has passed.
    DeadlineUrged = "deadline.urged" => None;
    /// 督办: the statutory date has passed.
    DeadlineEscalated = "deadline.escalated" => Some(Role::CountyAdmin);
    /// A county set its own length of a deadline.
    DeadlineRuleSaved = "deadline.rule_saved" => None;
    /// Gateway, mail server or quiet hours changed.
    ChannelsSaved = "channel.saved" => None;
    /// A clerk's call was noted.
    CallDone = "call.done" => None;
    /// A person's telephone was shown for a call.
    CallRevealed = "call.revealed" => None;
    /// Somebody opened the sealed words of a visit, a service or an appointment.
    RecordRead = "record.read" => None;
    /// A list was exported.
    Exported = "list.exported" => None;
    /// A household was paired with a provider.
    PairingStarted = "pairing.started" => None;
    /// A pairing ended.
    PairingEnded = "pairing.ended" => None;
    /// One side consented to a pairing.
    PairingConsented = "pairing.consented" => None;
    /// A pairing plan was made and waits for a decision.
    PlanMade = "plan.made" => Some(Role::CountyAdmin);
    /// A plan's row was overridden by a person.
    PlanOverridden = "plan.overridden" => Some(Role::CountyAdmin);
    /// A plan took effect.
    PlanCommitted = "plan.committed" => Some(Role::Lawyer);
    /// A committed plan was undone.
    PlanUndone = "plan.undone" => Some(Role::CountyAdmin);
    /// A contact card was made.
    CardIssued = "card.issued" => None;
    /// A contact card was revoked.
    CardRevoked = "card.revoked" => None;
    /// Cards were printed.
    CardsPrinted = "card.printed" => None;
    /// A paper was issued under its number.
    PaperIssued = "paper.issued" => None;
    /// A paper was corrected: a new version under the same number.
    PaperCorrected = "paper.corrected" => None;
    /// A paper was declared void; its number stays used.
    PaperVoided = "paper.voided" => None;
    /// Somebody opened a paper.
    PaperRead = "paper.read" => None;
    /// A county's own template of a paper was put in use.
    PaperTemplateSaved = "paper.template_saved" => None;
    /// A kind of paper went back to the built-in layout.
    PaperTemplateReverted = "paper.template_reverted" => None;
    /// A mediation committee or one of its members was saved.
    CommitteeSaved = "committee.saved" => None;
    /// A case was opened; its flow says whose turn it is.
    CaseOpened = "case.opened" => None;
    /// A case went a step; its flow says whose turn it is.
    CaseMoved = "case.moved" => None;
    /// A case went its last step.
    CaseClosed = "case.closed" => None;
    /// Somebody opened a case's page.
    CaseRead = "case.read" => None;
    /// A case was offered to another worker.
    CaseOffered = "case.offered" => Some(Role::Lawyer);
    /// The other worker took it.
    CaseOfferAccepted = "case.offer_accepted" => None;
    /// The other worker declined it.
    CaseOfferDeclined = "case.offer_declined" => Some(Role::Clerk);
    /// The offer was taken back.
    CaseOfferWithdrawn = "case.offer_withdrawn" => None;
    /// Somebody answers for a case from now on: its first handler, or who has taken it over.
    CaseAnswerable = "case.answerable" => None;
    /// A file was put on a case.
    FileAttached = "file.attached" => None;
    /// A file was taken off a case.
    FileDetached = "file.detached" => None;
    /// Somebody opened a file of a case.
    FileOpened = "file.opened" => None;
    /// A table of figures was kept as it was reported.
    FiguresReported = "figures.reported" => None;
    /// A package of a county workflow was verified and put on the shelf.
    PluginUploaded = "plugin.uploaded" => Some(Role::CountyAdmin);
    /// A package was tried in its cage.
    PluginTried = "plugin.tried" => Some(Role::CountyAdmin);
    /// A county granted a workflow its permissions.
    PluginGranted = "plugin.granted" => None;
    /// A workflow was put in use.
    PluginEnabled = "plugin.enabled" => None;
    /// A workflow was switched off.
    PluginDisabled = "plugin.disabled" => None;
    /// A newer version of a workflow was put in use.
    PluginUpgraded = "plugin.upgraded" => None;
    /// The version before was put in use again.
    PluginRolledBack = "plugin.rolled_back" => None;
    /// A workflow's library died too often and was locked away.
    PluginQuarantined = "plugin.quarantined" => Some(Role::CountyAdmin);
    /// A workflow was taken out of a county.
    PluginRemoved = "plugin.removed" => None;
    /// What a hook or job could not do was tried again, or laid aside.
    PluginLetter = "plugin.letter" => None;
    /// A workflow's library wrote a line; what it says stands in the details.
    PluginNoted = "plugin.noted" => None;
    /// A county set a workflow's settings.
    PluginSettingsChanged = "plugin.settings_changed" => None;
    /// Somebody was given a post of a workflow.
    PluginPostGiven = "plugin.post_given" => None;
    /// A post of a workflow was taken back.
    PluginPostWithdrawn = "plugin.post_withdrawn" => None;
    /// A table was put into a workflow's cases.
    PluginImported = "plugin.imported" => None;
    /// The cases of a table were taken back.
    PluginImportUndone = "plugin.import_undone" => None;
    /// A publisher's key was trusted.
    PublisherTrusted = "publisher.trusted" => None;
    /// Keys or packages were revoked.
    PublisherRevoked = "publisher.revoked" => None;
    /// The journal was verified.
    JournalVerified = "journal.verified" => None;
    /// The sealing key was rotated.
    KeyRotated = "key.rotated" => None;
    /// A backup was written.
    BackupWritten = "backup.written" => None;
    /// A restore was rehearsed or done.
    RestoreDone = "restore.done" => None;
}

codes! {
    /// Why it happened: the trigger.
    Reason {
        /// A person decided it.
        Person = "person",
        /// A roster said so.
        Roster = "roster",
        /// A plan said so.
        Plan = "plan",
        /// A handover moved it.
        Handover = "handover",
        /// A person overrode a plan, with a reason.
        Override = "override",
        /// An earlier act was undone.
        Undo = "undo",
        /// A date was reached.
        Clock = "clock",
        /// An operator ran a command.
        Operator = "operator",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_codes_are_unique() {
        let mut codes: Vec<_> = Event::ALL.iter().map(|e| e.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Event::ALL.len());
        assert_eq!(Event::from_code("plan.committed"), Some(Event::PlanCommitted));
    }
}

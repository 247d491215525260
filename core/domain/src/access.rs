//! Who may do what to which noun in which place: the one table that pages, API and commands read.

use crate::directory::codes;
use crate::refusal::Refusal;
use crate::words::{AccountId, CountyId, DivisionId, TokenId, WorkerId};

codes! {
    /// What an account may be, each for a place (contract.md "Roles").
    Role {
        /// 居民.
        Resident = "resident",
        /// 法律服务人员 of any kind.
        Lawyer = "lawyer",
        /// 调解员.
        Mediator = "mediator",
        /// 窗口、热线人员.
        Clerk = "clerk",
        /// 法律援助审查、指派人员.
        AidOfficer = "aid_officer",
        /// 县(市、区)管理员.
        CountyAdmin = "county_admin",
        /// 安全管理员.
        SecurityAdmin = "security_admin",
        /// 审计管理员.
        AuditAdmin = "audit_admin",
        /// 系统管理员.
        PlatformAdmin = "platform_admin",
    }
}

codes! {
    /// What is acted on.
    Noun {
        /// Divisions and grids.
        Division = "division",
        /// Facilities.
        Facility = "facility",
        /// Firms.
        Firm = "firm",
        /// Legal workers, with their leave.
        Worker = "worker",
        /// Who stands in for a legal worker, and when.
        Deputy = "deputy",
        /// Adviser posts.
        Post = "post",
        /// Households, members, categories.
        Household = "household",
        /// Wishes for erasure: what is only stored, and its destruction.
        Restriction = "restriction",
        /// A household's sealed fields in clear.
        Sealed = "sealed",
        /// Pairings and who was responsible.
        Pairing = "pairing",
        /// Pairing and handover plans.
        Plan = "plan",
        /// Contact cards.
        Card = "card",
        /// Consultations.
        Consultation = "consultation",
        /// Legal-aid applications.
        Aid = "aid",
        /// Mediation cases.
        Mediation = "mediation",
        /// Mediation committees, their members, and the month's claim.
        Committee = "committee",
        /// Cases of plugins' flows.
        Workflow = "workflow",
        /// Mediation rooms.
        Room = "room",
        /// Duty shifts, their rules, notary appointments.
        Duty = "duty",
        /// Visits, the service log, groups, monthly sheets.
        ServiceLog = "service_log",
        /// Papers of cases.
        Paper = "paper",
        /// Bookings of rooms, the waiting list, calendars.
        Booking = "booking",
        /// Rosters and their batches.
        Roster = "roster",
        /// Accounts, roles, sessions of others.
        Account = "account",
        /// Tokens of programs.
        Token = "token",
        /// One's own account.
        Own = "own",
        /// Figures by place and period, and reports of them.
        Statistics = "statistics",
        /// The journal.
        Journal = "journal",
        /// County settings and the published calendar.
        Setting = "setting",
        /// Deadlines of cases.
        Deadline = "deadline",
        /// A county's gateway, mail server and quiet hours.
        Channel = "channel",
        /// Calls that clerks make where no notice reaches.
        Call = "call",
        /// County workflows: packages and what a county has put in use.
        Plugin = "plugin",
        /// Health, backups, keys, metrics.
        Platform = "platform",
    }
}

codes! {
    /// What is done.
    Act {
        /// Look at one or a list.
        Read = "read",
        /// Add or change.
        Write = "write",
        /// Take out in bulk.
        Export = "export",
        /// Put into effect what was prepared.
        Commit = "commit",
    }
}

/// How far a role's grant reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// The whole county: what concerns all of it is not for who holds the role for a part of it.
    County,
    /// The place of the role and all below it.
    Place,
    /// Only what the person is responsible for (own households, own account).
    Mine,
}

use Act::{Commit, Export, Read, Write};
use Reach::{County as Whole, Mine, Place as Within};

/// One row: these roles may do these acts to this noun this far.
struct Grant(Noun, &'static [Act], Reach, &'static [Role]);

const STAFF: &[Role] = &[
    Role::Lawyer,
    Role::Mediator,
    Role::Clerk,
    Role::AidOfficer,
    Role::CountyAdmin,
    Role::SecurityAdmin,
    Role::AuditAdmin,
    Role::PlatformAdmin,
];
const CASE_STAFF: &[Role] = &[Role::Lawyer, Role::Mediator, Role::Clerk, Role::AidOfficer, Role::CountyAdmin];
const BOOKERS: &[Role] = &[Role::Mediator, Role::Clerk, Role::AidOfficer, Role::CountyAdmin];
const EVERYONE: &[Role] = Role::ALL;

/// The table. What is not here is denied.
const TABLE: &[Grant] = &[
    Grant(Noun::Own, &[Read, Write], Mine, EVERYONE),
    Grant(Noun::Division, &[Read], Within, EVERYONE),
    Grant(Noun::Division, &[Write], Within, &[Role::CountyAdmin]),
    Grant(Noun::Facility, &[Read], Within, EVERYONE),
    Grant(Noun::Facility, &[Write], Within, &[Role::CountyAdmin]),
    Grant(Noun::Firm, &[Read], Within, EVERYONE),
    Grant(Noun::Firm, &[Write], Whole, &[Role::CountyAdmin]),
    Grant(Noun::Firm, &[Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Worker, &[Read], Within, EVERYONE),
    Grant(Noun::Worker, &[Write], Whole, &[Role::CountyAdmin]),
    Grant(Noun::Worker, &[Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Deputy, &[Read], Within, &[Role::Clerk, Role::AidOfficer, Role::Mediator, Role::CountyAdmin]),
    Grant(Noun::Deputy, &[Read], Mine, &[Role::Lawyer]),
    Grant(Noun::Deputy, &[Write], Whole, &[Role::CountyAdmin]),
    Grant(Noun::Post, &[Read], Within, EVERYONE),
    Grant(Noun::Post, &[Write, Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Room, &[Read], Within, CASE_STAFF),
    Grant(Noun::Room, &[Write, Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Paper, &[Read, Write], Within, CASE_STAFF),
    Grant(Noun::Booking, &[Read, Write], Within, BOOKERS),
    Grant(Noun::Booking, &[Read, Write], Mine, &[Role::Lawyer]),
    Grant(Noun::Household, &[Read], Within, &[Role::Clerk, Role::AidOfficer, Role::CountyAdmin]),
    Grant(Noun::Household, &[Read], Mine, &[Role::Lawyer]),
    Grant(Noun::Household, &[Write], Within, &[Role::Clerk, Role::CountyAdmin]),
    Grant(Noun::Household, &[Export], Within, &[Role::CountyAdmin]),
    // It reaches into cases of every kind and place, and what is destroyed stays so.
    Grant(Noun::Restriction, &[Read, Write], Whole, &[Role::CountyAdmin]),
    Grant(Noun::Sealed, &[Read], Within, &[Role::Clerk, Role::AidOfficer, Role::CountyAdmin]),
    Grant(Noun::Sealed, &[Read], Mine, &[Role::Lawyer]),
    Grant(Noun::Pairing, &[Read], Within, &[Role::Clerk, Role::AidOfficer, Role::CountyAdmin]),
    Grant(Noun::Pairing, &[Read], Mine, &[Role::Lawyer]),
    Grant(Noun::Pairing, &[Write], Within, &[Role::Clerk, Role::CountyAdmin]),
    Grant(Noun::Pairing, &[Write], Mine, &[Role::Lawyer]),
    Grant(Noun::Plan, &[Read, Write, Commit], Within, &[Role::CountyAdmin]),
    Grant(Noun::Card, &[Read, Write], Within, &[Role::Clerk, Role::CountyAdmin]),
    Grant(Noun::Card, &[Read], Mine, &[Role::Lawyer]),
    Grant(Noun::Duty, &[Read, Write], Within, &[Role::Clerk, Role::CountyAdmin]),
    Grant(Noun::Duty, &[Read], Within, &[Role::AidOfficer]),
    Grant(Noun::Duty, &[Read, Write], Mine, &[Role::Lawyer]),
    Grant(Noun::Duty, &[Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::ServiceLog, &[Read, Write], Within, &[Role::Clerk, Role::CountyAdmin]),
    Grant(Noun::ServiceLog, &[Read, Write], Mine, &[Role::Lawyer]),
    Grant(Noun::ServiceLog, &[Export], Within, &[Role::CountyAdmin]),
    // Which step a role may take is in the flow's own table; these rows say whose cases it sees at all.
    Grant(Noun::Consultation, &[Read, Write], Within, &[Role::Clerk, Role::AidOfficer, Role::CountyAdmin]),
    Grant(Noun::Consultation, &[Read, Write], Mine, &[Role::Lawyer, Role::Mediator, Role::Resident]),
    Grant(Noun::Aid, &[Read, Write], Within, &[Role::AidOfficer, Role::Clerk, Role::CountyAdmin]),
    Grant(Noun::Aid, &[Read, Write], Mine, &[Role::Lawyer, Role::Resident]),
    Grant(Noun::Mediation, &[Read, Write], Within, &[Role::Mediator, Role::Clerk, Role::CountyAdmin]),
    Grant(Noun::Mediation, &[Read, Write], Mine, &[Role::Lawyer, Role::Resident]),
    Grant(Noun::Consultation, &[Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Aid, &[Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Mediation, &[Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Workflow, &[Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Committee, &[Read], Within, &[Role::Mediator, Role::Clerk, Role::Lawyer, Role::CountyAdmin]),
    Grant(Noun::Committee, &[Write, Export], Within, &[Role::CountyAdmin]),
    Grant(
        Noun::Workflow,
        &[Read, Write],
        Within,
        &[Role::Mediator, Role::Clerk, Role::AidOfficer, Role::CountyAdmin],
    ),
    Grant(Noun::Workflow, &[Read, Write], Mine, &[Role::Lawyer, Role::Resident]),
    Grant(Noun::Roster, &[Read, Write, Commit], Within, &[Role::CountyAdmin]),
    Grant(
        Noun::Statistics,
        &[Read],
        Within,
        &[Role::Clerk, Role::AidOfficer, Role::Mediator, Role::CountyAdmin, Role::AuditAdmin],
    ),
    Grant(Noun::Statistics, &[Write, Export], Within, &[Role::CountyAdmin]),
    Grant(Noun::Account, &[Read], Within, &[Role::CountyAdmin, Role::SecurityAdmin]),
    Grant(Noun::Account, &[Write], Within, &[Role::SecurityAdmin]),
    Grant(Noun::Token, &[Read, Write], Within, &[Role::SecurityAdmin]),
    Grant(Noun::Journal, &[Read, Export], Whole, &[Role::AuditAdmin]),
    Grant(Noun::Setting, &[Read], Within, STAFF),
    Grant(Noun::Setting, &[Write], Whole, &[Role::CountyAdmin]),
    Grant(Noun::Deadline, &[Read], Within, &[Role::Clerk, Role::AidOfficer, Role::CountyAdmin]),
    Grant(Noun::Deadline, &[Read], Mine, &[Role::Lawyer, Role::Mediator]),
    Grant(Noun::Deadline, &[Write], Within, &[Role::CountyAdmin]),
    Grant(Noun::Channel, &[Read, Write], Whole, &[Role::CountyAdmin, Role::PlatformAdmin]),
    Grant(Noun::Call, &[Read, Write], Within, &[Role::Clerk, Role::CountyAdmin]),
    // The platform's administrator brings packages; what a county lets them do is its own administrator's word.
    Grant(Noun::Plugin, &[Read], Within, &[Role::CountyAdmin, Role::PlatformAdmin]),
    Grant(Noun::Plugin, &[Write], Whole, &[Role::CountyAdmin, Role::PlatformAdmin]),
    // Its posts are given place by place; everything else about it is the whole county's.
    Grant(Noun::Plugin, &[Commit], Within, &[Role::CountyAdmin]),
    Grant(Noun::Platform, &[Read, Write], Whole, &[Role::PlatformAdmin]),
];

/// A role held for a place: a division and all below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Post {
    /// The role.
    pub role: Role,
    /// The county that the place belongs to.
    pub county: CountyId,
    /// The division; None for the whole county.
    pub place: Option<DivisionId>,
}

/// Who asks: an account with its posts in the county that it is visiting, or nobody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visitor {
    /// The account; None for the operator at the command line.
    pub account: Option<AccountId>,
    /// The county in which it acts now.
    pub county: CountyId,
    /// Its roles there, and elsewhere.
    pub posts: Vec<Post>,
    /// The legal worker that this account is, if any.
    pub worker: Option<WorkerId>,
    /// The token by which a program acts; None for people.
    pub token: Option<TokenId>,
}

/// What a store call may touch: one county, and in it places or one's own rows only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The county; it leads every key.
    pub county: CountyId,
    /// Divisions whose subtrees are visible; None for the whole county.
    pub places: Option<Vec<DivisionId>>,
    /// Only rows for which this worker is responsible (with the places, either opens).
    pub mine: Option<WorkerId>,
    /// True where nothing but `mine` opens.
    pub only_mine: bool,
}

impl Scope {
    /// The whole of one county, for acts of the system itself.
    pub fn whole(county: CountyId) -> Self {
        Self { county, places: None, mine: None, only_mine: false }
    }
}

impl Visitor {
    /// The operator at the command line: whoever may read the data directory may act in its counties.
    pub fn operator(county: CountyId) -> Self {
        let posts = Role::ALL.iter().map(|role| Post { role: *role, county, place: None }).collect();
        Self { account: None, county, posts, worker: None, token: None }
    }

    /// True where the visitor holds `role` in the county that it is visiting.
    pub fn is(&self, role: Role) -> bool {
        self.posts.iter().any(|post| post.role == role && post.county == self.county)
    }

    /// The scope in which the visitor may do `act` to `noun`.
    ///
    /// # Errors
    /// `access.denied` where no row of the table allows it.
    pub fn scope(&self, act: Act, noun: Noun) -> Result<Scope, Refusal> {
        let mut places = Vec::new();
        let (mut whole, mut mine) = (false, false);
        for post in self.posts.iter().filter(|post| post.county == self.county) {
            match reach(post.role, act, noun) {
                Some(Within) => match post.place {
                    Some(place) => places.push(place),
                    None => whole = true,
                },
                Some(Whole) if post.place.is_none() => whole = true,
                Some(Mine) => mine = true,
                Some(Whole) | None => {}
            }
        }
        if !whole && places.is_empty() && !mine {
            return Err(Refusal::new("access.denied"));
        }
        Ok(Scope {
            county: self.county,
            only_mine: !whole && places.is_empty(),
            places: if whole { None } else { Some(places) },
            mine: if mine && !whole { self.worker } else { None },
        })
    }

    /// The scope for an act that concerns the county as a whole, of a noun whose other acts are done place by place.
    ///
    /// # Errors
    /// `access.denied` as [`Self::scope`], and for who holds the role for a part of the county.
    pub fn whole_scope(&self, act: Act, noun: Noun) -> Result<Scope, Refusal> {
        let scope = self.scope(act, noun)?;
        if scope.places.is_some() { Err(Refusal::new("access.denied")) } else { Ok(scope) }
    }

    /// True where some row of the table allows it.
    pub fn may(&self, act: Act, noun: Noun) -> bool {
        self.scope(act, noun).is_ok()
    }
}

/// How far `role` may do `act` to `noun`; the widest row wins.
pub fn reach(role: Role, act: Act, noun: Noun) -> Option<Reach> {
    let rows = TABLE.iter().filter(|row| row.0 == noun && row.1.contains(&act) && row.3.contains(&role));
    rows.map(|row| row.2).max_by_key(|reach| !matches!(reach, Mine))
}

/// Roles that may do `act` to `noun`, for documentation and tests.
pub fn roles_for(act: Act, noun: Noun) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| reach(*role, act, noun).is_some()).collect()
}

/// True where the two may not be held by one person: the three administrators (trust.md).
pub fn exclude_each_other(a: Role, b: Role) -> bool {
    const THREE: [Role; 3] = [Role::SecurityAdmin, Role::AuditAdmin, Role::PlatformAdmin];
    a != b && THREE.contains(&a) && THREE.contains(&b)
}

impl Role {
    /// True for every role but the resident's: staff need a second factor.
    pub fn is_staff(self) -> bool {
        self != Self::Resident
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::Id;
    use uuid::Uuid;

    fn visitor(posts: &[(Role, Option<u128>)]) -> Visitor {
        let county = Id::from_uuid(Uuid::from_u128(1));
        let place = |p: &Option<u128>| p.map(|n| Id::from_uuid(Uuid::from_u128(n)));
        let posts = posts.iter().map(|(role, p)| Post { role: *role, county, place: place(p) });
        Visitor {
            account: Some(Id::from_uuid(Uuid::from_u128(2))),
            county,
            posts: posts.collect(),
            worker: Some(Id::from_uuid(Uuid::from_u128(3))),
            token: None,
        }
    }

    #[test]
    fn a_lawyer_sees_only_own_households() {
        let scope = visitor(&[(Role::Lawyer, None)]).scope(Act::Read, Noun::Household).unwrap();
        assert!(scope.only_mine && scope.mine.is_some());
    }

    #[test]
    fn a_clerk_sees_the_place_and_an_auditor_no_household() {
        let scope = visitor(&[(Role::Clerk, Some(7))]).scope(Act::Read, Noun::Household).unwrap();
        assert_eq!(scope.places.unwrap().len(), 1);
        assert!(!visitor(&[(Role::AuditAdmin, None)]).may(Act::Read, Noun::Household));
    }

    #[test]
    fn what_concerns_the_whole_county_is_not_for_who_holds_a_part_of_it() {
        let (part, whole) = (visitor(&[(Role::CountyAdmin, Some(7))]), visitor(&[(Role::CountyAdmin, None)]));
        for noun in
            [Noun::Setting, Noun::Deputy, Noun::Worker, Noun::Channel, Noun::Plugin, Noun::Restriction]
        {
            assert!(whole.may(Act::Write, noun) && !part.may(Act::Write, noun), "{noun:?}");
        }
        assert!(part.scope(Act::Commit, Noun::Plugin).is_ok());
        assert!(part.whole_scope(Act::Commit, Noun::Plugin).is_err());
        assert!(whole.whole_scope(Act::Commit, Noun::Plugin).is_ok());
        let both = visitor(&[(Role::CountyAdmin, Some(7)), (Role::CountyAdmin, None)]);
        assert!(both.scope(Act::Write, Noun::Setting).unwrap().places.is_none());
    }

    #[test]
    fn roles_of_another_county_count_for_nothing() {
        let mut foreign = visitor(&[(Role::CountyAdmin, None)]);
        foreign.county = Id::from_uuid(Uuid::from_u128(99));
        assert!(!foreign.may(Act::Read, Noun::Household));
    }

    #[test]
    fn three_administrators_exclude_each_other() {
        assert!(exclude_each_other(Role::SecurityAdmin, Role::AuditAdmin));
        assert!(!exclude_each_other(Role::CountyAdmin, Role::AuditAdmin));
        assert!(reach(Role::PlatformAdmin, Act::Read, Noun::Journal).is_none());
    }
}

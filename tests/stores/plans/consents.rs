//! Both sides' consent, where a county wants it, and a lawyer's leave.

use falin_app::consent::{self, Answer, Side};
use falin_app::leave::{self, Absence};
use falin_app::settings;
use falin_domain::access::{Post, Role, Visitor};
use falin_domain::page::Window;
use falin_domain::words::Id;

use super::house::{House, done, first_day, refused};
use crate::town::on_both;

fn lawyer(house: &House, at: usize) -> Visitor {
    Visitor {
        account: Some(Id::from_uuid(house.lawyers[at].uuid())),
        county: house.county,
        posts: vec![Post { role: Role::Lawyer, county: house.county, place: None }],
        worker: Some(house.lawyers[at]),
        token: None,
    }
}

fn waiting(house: &House, who: &Visitor) -> Vec<consent::Open> {
    let window = Window { limit: 50, after: None };
    done(house.wait(consent::waiting(&house.app, who, window))).0.items
}

fn yes(side: Side) -> Answer {
    let how = (side == Side::Household).then(|| "phone".to_owned());
    Answer { side, accepted: true, how, note: String::new() }
}

on_both! {
    fn pairings_wait_for_both_sides_where_the_county_wants_it(backend) {
        let house = House::new(backend);
        assert!(waiting(&house, &house.me).is_empty());
        let (county, set) = done(house.wait(settings::get(&house.app, &house.me)));
        let asking = settings::Typed { consent: "on".to_owned(), ..settings::Typed::of(&set) };
        done(house.wait(settings::save(&house.app, &house.me, county.version, &asking)));
        house.settle();
        assert_eq!(waiting(&house, &house.me).len(), 18);

        let me = lawyer(&house, 0);
        let mine = waiting(&house, &me);
        assert!(!mine.is_empty() && mine.len() < 18);
        let own = mine.iter().find(|open| open.waiting.span.worker_id == me.worker).unwrap();
        let id = own.waiting.span.id;
        let say = |who: &Visitor, answer: Answer| house.wait(consent::answer(&house.app, who, id, answer));
        let no = Answer { accepted: false, ..yes(Side::Provider) };
        assert_eq!(refused(say(&me, no.clone())), "form.invalid");
        assert_eq!(refused(say(&lawyer(&house, 2), yes(Side::Provider))), "not_found");
        done(say(&me, Answer { note: "与我有亲属关系".into(), ..no }));
        let declined = waiting(&house, &house.me).into_iter().find(|open| open.waiting.span.id == id).unwrap();
        let said = declined.provider.unwrap();
        assert!(!said.accepted && declined.household.is_none());
        assert_eq!(said.note.as_deref(), Some("与我有亲属关系"), "who may see the answer reads what was said with it");
        done(say(&me, yes(Side::Provider)));
        done(say(&house.me, yes(Side::Household)));
        assert!(!waiting(&house, &house.me).iter().any(|open| open.waiting.span.id == id));
        assert_eq!(waiting(&house, &house.me).len(), 17);
    }

    fn leave_is_told_of_with_what_waits_and_taken_back_before_it_begins(backend) {
        let house = House::new(backend);
        house.settle();
        let me = lawyer(&house, 1);
        let soon = Absence { from: first_day().plus_days(2), to: Some(first_day().plus_days(9)), reason: "年休假".into() };
        let (id, work) = done(house.wait(leave::add(&house.app, &me, house.lawyers[1], soon.clone())));
        assert!(work.households > 0 && work.posts == 1);
        let other = house.wait(leave::add(&house.app, &me, house.lawyers[0], soon.clone()));
        assert_eq!(refused(other), "access.denied");
        let backwards = Absence { to: Some(first_day()), ..soon };
        let backwards = house.wait(leave::add(&house.app, &me, house.lawyers[1], backwards));
        assert_eq!(refused(backwards), "form.invalid");
        // Today's plan still gives the lawyer households; that of the first day of the leave does not.
        assert_eq!(house.plan().1.changed, 0);
        assert_eq!(done(house.wait(leave::waiting(&house.app, &house.me))).len(), 1);
        house.pass(2);
        assert!(house.plan().1.changed > 0);
        assert_eq!(refused(house.wait(leave::remove(&house.app, &me, house.lawyers[1], id))), "action.not_allowed");
        house.pass(8);
        assert_eq!(house.plan().1.changed, 0);
    }
}

//! The directory as people keep it: what is refused, what stays, and what anybody may read of it.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicU32, Ordering};

use falin_app::{
    App, Settings, Stop, adviser, county, division, facility, firm, grid, public, room, settings, worker,
};
use falin_domain::access::{Post, Role, Visitor};
use falin_domain::page::Window;
use falin_domain::words::CountyId;

struct House {
    app: App,
    county: CountyId,
    data: std::path::PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

impl House {
    async fn open() -> Self {
        static N: AtomicU32 = AtomicU32::new(0);
        let n = N.fetch_add(1, Ordering::Relaxed);
        let data = std::env::temp_dir().join(format!("falin-directory-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        let now = Some("2026-03-02T01:00:00Z".parse().unwrap());
        let app = App::open(&Settings { data: data.clone(), database: None, now }).unwrap();
        let county = county::by_code_or_make(&app, "620200", "嘉峪关市").await.unwrap();
        let house = Self { app, county, data };
        for (code, name, level, parent) in [
            ("620200", "嘉峪关市", "city", ""),
            ("620201100", "新城镇", "township", "620200"),
            ("620201102", "文殊镇", "township", "620200"),
            ("620201100200", "野麻湾村村民委员会", "village", "620201100"),
            ("620201100201", "横沟村村民委员会", "village", "620201100"),
            ("620201102200", "石桥村村民委员会", "village", "620201102"),
        ] {
            let typed = division::Typed {
                name: name.into(),
                code: code.into(),
                level: level.into(),
                parent: parent.into(),
            };
            division::add(&house.app, &house.operator(), &typed).await.unwrap();
        }
        house
    }

    fn operator(&self) -> Visitor {
        Visitor::operator(self.county)
    }

    async fn firm(&self, name: &str) -> firm::Firm {
        firm::add(&self.app, &self.operator(), &a_firm(name, "")).await.unwrap()
    }

    async fn worker(&self, name: &str, licence: &str, firm: &firm::Firm) -> worker::Worker {
        worker::add(&self.app, &self.operator(), &a_worker(name, licence, &firm.id.to_string()))
            .await
            .unwrap()
    }

    async fn post(&self, typed: adviser::Typed) -> Result<adviser::Held, Stop> {
        adviser::add(&self.app, &self.operator(), &typed).await
    }
}

fn a_firm(name: &str, uscc: &str) -> firm::Typed {
    firm::Typed {
        name: name.into(),
        kind: "law_firm".into(),
        uscc: uscc.into(),
        phone: "0937-6226123".into(),
        head: "江浩波".into(),
        ..firm::Typed::default()
    }
}

fn a_worker(name: &str, licence: &str, firm: &str) -> worker::Typed {
    worker::Typed {
        name: name.into(),
        kind: "lawyer".into(),
        firm: firm.into(),
        licence: licence.into(),
        phone: "175 5105 6720".into(),
        specialties: "劳动，婚姻".into(),
        languages: "普通话".into(),
        capacity: "90".into(),
        ..worker::Typed::default()
    }
}

fn a_post(village: &str, worker: &worker::Worker, from: &str, to: &str) -> adviser::Typed {
    adviser::Typed {
        village: village.into(),
        worker: worker.id.to_string(),
        from: from.into(),
        to: to.into(),
        hours: "每月15日上午".into(),
    }
}

fn code<T>(result: Result<T, Stop>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(stop) => match stop.refusal() {
            Some(refusal) => {
                let fields = refusal.fields.iter().map(|f| format!(" {}:{}", f.name, f.code));
                fields.fold(refusal.code().to_owned(), |all, one| all + &one)
            }
            None => stop.to_string(),
        },
    }
}

#[tokio::test]
async fn firms_are_kept_once() {
    let house = House::open().await;
    let (app, me) = (&house.app, house.operator());
    let first = firm::add(app, &me, &a_firm("甘肃雄关律师事务所", "31620000MD00000167")).await.unwrap();
    let twin = a_firm("另一家律师事务所", "３1620000md00000167");
    assert_eq!(code(firm::add(app, &me, &twin).await), "firm.duplicate");
    let namesake = a_firm("甘肃雄关 律师事务所", "");
    assert_eq!(code(firm::add(app, &me, &namesake).await), "firm.duplicate");
    let wrong =
        firm::Typed { capacity: "很多".into(), phone: "12".into(), ..a_firm("", "31620000MD0000016O") };
    let said = code(firm::add(app, &me, &wrong).await);
    assert_eq!(
        said,
        "form.invalid name:required uscc:uscc.invalid phone:phone.invalid capacity:not_a_number"
    );

    let renamed = firm::Typed { name: "甘肃嘉峪律师事务所".into(), ..firm::Typed::of(&first) };
    let changed = firm::change(app, &me, first.id, first.version, &renamed).await.unwrap();
    assert_eq!((changed.version, changed.name.as_str()), (2, "甘肃嘉峪律师事务所"));
    assert_eq!(code(firm::change(app, &me, first.id, first.version, &renamed).await), "state.changed");
    for (q, found) in [("jiayu", 1), ("ayu", 0), ("gansujia", 1), ("嘉峪", 1), ("雄关", 0)] {
        let filter = firm::Filter { q: q.into(), ..firm::Filter::default() };
        assert_eq!(firm::list(app, &me, filter, Window::default()).await.unwrap().items.len(), found, "{q}");
    }
    let phone = firm::Filter { q: "0937 6226".into(), ..firm::Filter::default() };
    assert_eq!(code(firm::list(app, &me, phone, Window::default()).await), "search.digits");

    let worker = house.worker("蔡志生", "16202200711000001", &changed).await;
    assert_eq!(code(firm::set_open(app, &me, first.id, 2, false).await), "firm.has_workers");
    worker::set_last_day(app, &me, worker.id, 1, Some("2026-03-01".parse().unwrap())).await.unwrap();
    firm::set_open(app, &me, first.id, 2, false).await.unwrap();
    assert_eq!(code(firm::set_open(app, &me, first.id, 3, false).await), "action.not_allowed");
    assert_eq!(code(public::firm(app, house.county, first.id).await), "not_found");
}

#[tokio::test]
async fn workers_are_found_and_listed_with_what_they_do() {
    let house = House::open().await;
    let (app, me) = (&house.app, house.operator());
    let firm = house.firm("甘肃雄关律师事务所").await;
    let zeng = house.worker("曾敏", "16202200711000001", &firm).await;
    let jia = house.worker("贾浩", "16202200711000002", &firm).await;
    let twin = a_worker("别人", "16202200711000002", "");
    assert_eq!(code(worker::add(app, &me, &twin).await), "worker.duplicate");
    let nowhere = a_worker("别人", "", "0190a0a0-0000-7000-8000-000000000000");
    assert_eq!(code(worker::add(app, &me, &nowhere).await), "form.invalid firm:firm.unknown");
    house.post(a_post("620201100200", &zeng, "2026-01-01", "2026-12-31")).await.unwrap();
    house.post(a_post("620201102200", &jia, "2025-01-01", "2025-12-31")).await.unwrap();

    let names = |filter: worker::Filter| {
        let (app, me) = (app.clone(), me.clone());
        async move {
            let page = worker::list(&app, &me, filter, Window::default()).await.unwrap();
            page.items.into_iter().map(|shown| shown.worker.name).collect::<Vec<_>>()
        }
    };
    let filter = worker::Filter::default;
    assert_eq!(names(filter()).await, ["贾浩", "曾敏"]);
    for q in ["zengmin", "cengmin", "曾", "zm"] {
        assert_eq!(names(worker::Filter { q: q.into(), ..filter() }).await, ["曾敏"], "{q}");
    }
    let place = |code: &str| worker::Filter { place: Some(code.into()), ..filter() };
    assert_eq!(names(place("620201100")).await, ["曾敏"]);
    assert!(names(place("620201102")).await.is_empty());
    assert_eq!(code(worker::list(app, &me, place("620299"), Window::default()).await), "division.unknown");
    let speciality = |text: &str| worker::Filter { specialty: Some(text.into()), ..filter() };
    assert_eq!(names(speciality("婚姻")).await.len(), 2);
    assert!(names(speciality("%")).await.is_empty());

    let one = worker::one(app, &me, zeng.id).await.unwrap();
    assert_eq!(one.shown.villages[0].1.name, "野麻湾村村民委员会");
    assert_eq!(one.shown.firm.unwrap().name, "甘肃雄关律师事务所");
    assert_eq!(one.shown.households, Some(0));
    let two = worker::list(app, &me, filter(), Window { limit: 1, after: None }).await.unwrap();
    let next = Window { limit: 1, after: two.next };
    let last = worker::list(app, &me, filter(), next).await.unwrap();
    assert_eq!((last.items[0].worker.name.as_str(), last.next), ("曾敏", None));
}

#[tokio::test]
async fn one_worker_holds_a_village_once_at_a_time() {
    let house = House::open().await;
    let (app, me) = (&house.app, house.operator());
    let firm = house.firm("甘肃雄关律师事务所").await;
    let cai = house.worker("蔡志生", "16202200711000001", &firm).await;
    let jia = house.worker("贾浩", "16202200711000002", &firm).await;
    let held = house.post(a_post("620201100200", &cai, "2026-01-01", "2026-12-31")).await.unwrap();
    assert_eq!(held.state, adviser::State::Current);
    for (from, to, said) in [
        ("2026-12-31", "", "post.overlap"),
        ("2025-06-01", "2026-01-01", "post.overlap"),
        ("2025-06-01", "2025-12-31", "done"),
        ("2027-01-01", "", "done"),
        ("2027-05-01", "2027-04-30", "form.invalid to:date.order"),
        ("2026-2-30", "", "form.invalid from:date.invalid"),
    ] {
        assert_eq!(code(house.post(a_post("620201100200", &cai, from, to)).await), said, "{from} {to}");
    }
    assert_eq!(code(house.post(a_post("620201100200", &jia, "2026-01-01", "")).await), "done");
    let township = house.post(a_post("620201100", &jia, "2026-01-01", "")).await;
    assert_eq!(code(township), "form.invalid village:village.unknown");
    assert_eq!(adviser::vacant(app, &me).await.unwrap().len(), 2);

    let early = adviser::end(app, &me, held.post.id, 1, "2025-01-01".parse().unwrap()).await;
    assert_eq!(code(early), "form.invalid on:date.order");
    let ended = adviser::end(app, &me, held.post.id, 1, "2026-03-01".parse().unwrap()).await.unwrap();
    assert_eq!(ended.state, adviser::State::Ended);
    let again = adviser::end(app, &me, held.post.id, 2, "2026-03-01".parse().unwrap()).await;
    assert_eq!(code(again), "action.not_allowed");
    let current = adviser::Filter { state: Some(adviser::State::Current), ..adviser::Filter::default() };
    let list = adviser::list(app, &me, current, Window::default()).await.unwrap();
    assert_eq!(list.items.iter().map(|held| held.worker.name.as_str()).collect::<Vec<_>>(), ["贾浩"]);
}

#[tokio::test]
async fn a_place_bounds_what_its_administrator_writes() {
    let house = House::open().await;
    let (app, me) = (&house.app, house.operator());
    let filter = division::Filter {
        level: Some(falin_domain::directory::DivisionLevel::Township),
        ..Default::default()
    };
    let townships = division::list(app, &me, filter, Window::default()).await.unwrap().items;
    let place = Some(townships[0].id);
    let account = me.account;
    let posts = vec![Post { role: Role::CountyAdmin, county: house.county, place }];
    let admin = Visitor { account, county: house.county, posts, worker: None, token: None };
    let studio = |place: &str| facility::Typed {
        name: "公共法律服务工作室".into(),
        kind: "studio".into(),
        place: place.into(),
        ..facility::Typed::default()
    };
    let own = facility::add(app, &admin, &studio("620201100200")).await.unwrap();
    assert_eq!(own.line.len(), 3);
    assert_eq!(code(facility::add(app, &admin, &studio("620201102200")).await), "access.denied");
    let moved = facility::change(app, &admin, own.facility.id, 1, &studio("620201102200")).await;
    assert_eq!(code(moved), "access.denied");
    assert_eq!(code(firm::add(app, &admin, &a_firm("甘肃雄关律师事务所", "")).await), "access.denied");
    let grid =
        grid::Typed { name: "第一网格".into(), village: "620201102200".into(), ..Default::default() };
    assert_eq!(code(grid::add(app, &admin, &grid).await), "access.denied");
    assert_eq!(code(grid::add(app, &me, &grid).await), "done");
    assert_eq!(code(grid::add(app, &me, &grid).await), "form.invalid name:taken");
    let clerk =
        Visitor { posts: vec![Post { role: Role::Clerk, county: house.county, place: None }], ..me.clone() };
    assert_eq!(code(facility::add(app, &clerk, &studio("620201100200")).await), "access.denied");
    let room = room::Typed { name: "一号调解室".into(), capacity: "0".into(), ..Default::default() };
    assert_eq!(code(room::add(app, &me, &room).await), "form.invalid capacity:out_of_range");
    let (county, set) = settings::get(app, &me).await.unwrap();
    let typed = settings::Typed { capacity: "95".into(), ..settings::Typed::of(&set) };
    let (_, set) = settings::save(app, &me, county.version, &typed).await.unwrap();
    assert_eq!(set.capacity, Some(95));
    assert_eq!(code(settings::save(app, &me, county.version, &typed).await), "state.changed");
}

#[tokio::test]
async fn three_steps_lead_to_a_name_and_a_number() {
    let house = House::open().await;
    let (app, me) = (&house.app, house.operator());
    let before = public::stamp(app, "620200").await.unwrap().generation;
    let firm = house.firm("甘肃雄关律师事务所").await;
    let cai = house.worker("蔡志生", "16202200711000001", &firm).await;
    let jia = house.worker("贾浩", "16202200711000002", &firm).await;
    house.post(a_post("620201100200", &cai, "2026-01-01", "")).await.unwrap();
    house.post(a_post("620201100201", &jia, "2026-01-01", "")).await.unwrap();
    for (kind, place) in [("centre", "620200"), ("station", "620201100")] {
        let typed = facility::Typed {
            name: format!("{kind}中心"),
            kind: kind.into(),
            place: place.into(),
            ..facility::Typed::default()
        };
        facility::add(app, &me, &typed).await.unwrap();
    }
    assert!(public::stamp(app, "620200").await.unwrap().generation > before);

    let home = public::home(app, house.county).await.unwrap();
    let told: Vec<_> = home.places.iter().map(|p| (p.division.name.as_str(), p.villages, p.urban)).collect();
    assert_eq!(told, [("新城镇", 2, false), ("文殊镇", 1, false)]);
    assert_eq!(home.centre.unwrap().name, "centre中心");
    let below = public::below(app, house.county, "620201100").await.unwrap();
    assert_eq!(below.places.len(), 2);
    let page = public::village(app, house.county, "620201100200").await.unwrap();
    assert_eq!(page.advisers[0].worker.phone, "17551056720");
    assert_eq!(page.nearby[0].worker.name, "贾浩");
    assert_eq!(page.facility.unwrap().name, "station中心");
    let far = public::village(app, house.county, "620201102200").await.unwrap();
    assert!(far.advisers.is_empty());
    assert_eq!(far.facility.unwrap().name, "centre中心");
    for absent in ["620201100", "620299", "x", "0190a0a0-0000-7000-8000-000000000000"] {
        assert_eq!(code(public::village(app, house.county, absent).await), "not_found", "{absent}");
    }

    let search = |q: &str| {
        let filter = worker::Filter { q: q.into(), ..worker::Filter::default() };
        let (app, counties) = (app.clone(), vec![house.county]);
        async move {
            let page = public::workers(&app, counties, filter, Window::default()).await.unwrap();
            page.items.into_iter().map(|shown| shown.worker.name).collect::<Vec<_>>()
        }
    };
    for (q, found) in [("野麻湾", "蔡志生"), ("yemawan", "蔡志生"), ("caizhi", "蔡志生"), ("henggou", "贾浩")]
    {
        assert_eq!(search(q).await, [found], "{q}");
    }
    assert_eq!(search("新城").await.len(), 2);
    assert!(search("没有").await.is_empty());

    worker::set_last_day(app, &me, cai.id, 1, Some("2026-03-01".parse().unwrap())).await.unwrap();
    assert!(public::village(app, house.county, "620201100200").await.unwrap().advisers.is_empty());
    assert_eq!(code(public::worker(app, house.county, cai.id).await), "not_found");
}

//! The service places of a county: its centre, a station in each township, a studio in each village; and the
//! mediation rooms in them.

use falin_domain::directory::FacilityKind;

use super::counties::CountySpec;
use super::dice::Dice;
use super::people::landline;

/// One service place of the sample.
#[derive(Clone, Debug)]
pub struct Facility {
    pub kind: FacilityKind,
    pub name: String,
    /// Code of the county, township or village that it serves.
    pub division: &'static str,
    pub address: String,
    pub phone: String,
    pub hours: &'static str,
    pub step_free: bool,
}

/// One mediation room of the sample.
#[derive(Clone, Debug)]
pub struct Room {
    pub name: String,
    /// The name of its facility.
    pub facility: String,
    /// Empty for the rooms of the centre.
    pub township: &'static str,
    pub address: String,
    pub seats: u32,
    pub equipment: &'static str,
    pub hours: &'static str,
}

const OFFICE_HOURS: &str = "周一至周五 9:00-12:00 14:00-18:00";
const STUDIO_HOURS: &str = "周一至周五 9:00-12:00";
const CENTRE_ROOMS: &[(&str, u32, &str)] =
    &[("一号调解室", 12, "视频、录音、无障碍"), ("二号调解室", 8, "视频"), ("小圆桌调解室", 10, "无")];

/// Centre, stations and studios, in that order.
pub fn facilities(spec: &CountySpec, seed: u64) -> Vec<Facility> {
    let mut dice = Dice::new(seed, &format!("{} facilities", spec.code));
    let mut all = vec![Facility {
        kind: FacilityKind::Centre,
        name: centre_name(spec),
        division: spec.code,
        address: format!("{}市民广场北侧", spec.name),
        phone: landline(spec.dial, &mut dice),
        hours: OFFICE_HOURS,
        step_free: true,
    }];
    for (code, name) in spec.townships() {
        all.push(Facility {
            kind: FacilityKind::Station,
            name: station_name(name),
            division: code,
            address: format!("{}{name}司法所一楼", spec.name),
            phone: landline(spec.dial, &mut dice),
            hours: OFFICE_HOURS,
            step_free: dice.chance(700),
        });
    }
    for village in spec.villages() {
        let house = if village.is_community() { "党群服务中心" } else { "村民委员会" };
        all.push(Facility {
            kind: FacilityKind::Studio,
            name: format!("{}公共法律服务工作室", village.name),
            division: village.code,
            address: format!("{}{}{house}", village.township, village.name),
            phone: landline(spec.dial, &mut dice),
            hours: STUDIO_HOURS,
            step_free: dice.chance(500),
        });
    }
    all
}

/// The rooms: up to three in the centre, then one in each township's station, `spec.rooms` together.
pub fn rooms(spec: &CountySpec, dice: &mut Dice) -> Vec<Room> {
    let townships = spec.townships();
    let in_centre = spec.rooms.saturating_sub(townships.len()).min(CENTRE_ROOMS.len());
    let centre = CENTRE_ROOMS.iter().take(in_centre).map(|(name, seats, equipment)| Room {
        name: (*name).to_owned(),
        facility: centre_name(spec),
        township: "",
        address: spec.name.to_owned(),
        seats: *seats,
        equipment,
        hours: OFFICE_HOURS,
    });
    let mut all: Vec<Room> = centre.collect();
    for (_, township) in townships.into_iter().take(spec.rooms - in_centre) {
        all.push(Room {
            name: format!("{township}调解室"),
            facility: station_name(township),
            township,
            address: format!("{}{township}司法所", spec.name),
            seats: 8,
            equipment: ["视频、无障碍", "视频", "无"][dice.below(3)],
            hours: OFFICE_HOURS,
        });
    }
    all
}

fn centre_name(spec: &CountySpec) -> String {
    format!("{}公共法律服务中心", spec.name)
}

fn station_name(township: &str) -> String {
    format!("{township}公共法律服务工作站")
}

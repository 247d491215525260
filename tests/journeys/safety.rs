//! The administrator's safety: backups that restore, a key that is missed, a doctor who says so, a journal that tells.

use crate::town::county::HOUSEHOLDS;
use crate::town::{Backend, Town, on_both};

const PEOPLE: &str = "SELECT count(*) FROM household";

on_both! {
    fn a_backup_restores_elsewhere_with_its_key_and_not_without(backend) {
        let town = Town::prepared(backend);
        let backup = town.file("county.falin-backup", b"");
        std::fs::remove_file(&backup).unwrap();
        town.falin(&["backup", &backup]).ok();
        let bytes = std::fs::read(&backup).unwrap();
        assert!(!bytes.is_empty());

        let other = Town::empty(backend);
        other.falin(&["restore", &backup]).ended(1);
        for entry in std::fs::read_dir(town.data().join("keys")).unwrap().flatten() {
            std::fs::create_dir_all(other.data().join("keys")).unwrap();
            std::fs::copy(entry.path(), other.data().join("keys").join(entry.file_name())).unwrap();
        }
        other.falin(&["restore", &backup]).ok();
        for count in [PEOPLE, "SELECT count(*) FROM account", "SELECT count(*) FROM journal_entry"] {
            assert!(other.number(count) >= town.number(count), "{count}");
        }
        assert_eq!(other.number(PEOPLE), (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64);
        other.falin(&["audit", "verify"]).ok();
        other.falin(&["restore", &backup]).ended(1);
    }

    fn a_key_file_of_before_a_rotation_restores_nothing_of_after_it(backend) {
        let town = Town::prepared(backend);
        let sheet = std::fs::read(town.data().join("keys/falin.key")).unwrap();
        let backup = |name: &str| {
            let file = town.file(name, b"");
            std::fs::remove_file(&file).unwrap();
            town.falin(&["backup", &file]).ok();
            file
        };
        let before = backup("before.falin-backup");
        assert!(town.falin(&["key", "rotate"]).ok().stdout.contains("falin key export"), "a new sheet is asked for");
        let after = backup("after.falin-backup");
        let other = Town::empty(backend);
        std::fs::create_dir_all(other.data().join("keys")).unwrap();
        std::fs::write(other.data().join("keys/falin.key"), &sheet).unwrap();
        let said = other.falin(&["restore", &after, "--json"]).ended(1);
        assert!((said.stdout + &said.stderr).contains("backup.key_missing"));
        // Nothing was written: the backup of its time goes in, and the key of today opens both.
        other.falin(&["restore", &before]).ok();
        let third = Town::empty(backend);
        std::fs::create_dir_all(third.data().join("keys")).unwrap();
        std::fs::copy(town.data().join("keys/falin.key"), third.data().join("keys/falin.key")).unwrap();
        third.falin(&["restore", &after]).ok();
    }

    fn one_flipped_byte_is_refused_and_changes_nothing(backend) {
        let town = Town::prepared(backend);
        let backup = town.file("county.falin-backup", b"");
        std::fs::remove_file(&backup).unwrap();
        town.falin(&["backup", &backup]).ok();
        let mut bytes = std::fs::read(&backup).unwrap();
        for at in [bytes.len() / 3, bytes.len() / 2, bytes.len() - 40] {
            bytes[at] ^= 1;
            let damaged = town.file("damaged.falin-backup", &bytes);
            bytes[at] ^= 1;
            let other = Town::empty(backend);
            std::fs::create_dir_all(other.data().join("keys")).unwrap();
            for entry in std::fs::read_dir(town.data().join("keys")).unwrap().flatten() {
                std::fs::copy(entry.path(), other.data().join("keys").join(entry.file_name())).unwrap();
            }
            other.falin(&["restore", &damaged]).ended(1);
        }
    }

    fn the_doctor_is_red_until_a_restore_has_been_rehearsed(backend) {
        let town = Town::prepared(backend);
        let told = town.falin(&["doctor", "--json"]).ended(1).json();
        assert!(told.to_string().contains("restore"), "{told}");
        assert!(town.falin(&["doctor"]).stdout.chars().any(|c| c > '\u{4e00}'), "plain words, in Chinese first");
    }

    fn sealed_things_are_nowhere_in_clear(backend) {
        let town = Town::prepared(backend);
        let (phone, number) = ("13800000007", "土地承包债务纠纷");
        let stored = match backend {
            Backend::Sqlite => std::fs::read_dir(town.data()).unwrap().flatten()
                .filter(|entry| entry.path().is_file())
                .flat_map(|entry| std::fs::read(entry.path()).unwrap()).collect::<Vec<_>>(),
            Backend::Postgres => town.texts("SELECT h.*::text AS t FROM household h").join("\n").into_bytes(),
        };
        let holds = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("张") || backend == Backend::Sqlite);
        assert!(!holds(phone) && !holds(number) && !holds("横沟村1号"));
        assert!(!holds("62020119500115"), "an ID number in clear");
    }
}

#[test]
fn a_county_moves_from_sqlite_to_postgres_and_back() {
    if !Backend::Postgres.available() {
        return;
    }
    let here = Town::prepared(Backend::Sqlite);
    let there = Town::empty(Backend::Postgres);
    here.falin(&["copy", "--to", there.database().unwrap()]).ok();
    assert_eq!(there.number(PEOPLE), here.number(PEOPLE));
    assert_eq!(
        there.number("SELECT count(*) FROM journal_entry"),
        here.number("SELECT count(*) FROM journal_entry")
    );
}

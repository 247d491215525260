//! The tables as both databases have them: one map for queries, and for backup, restore and copy, which walk it.
//! The migrations are the source; a test holds the map against them.

use crate::tables::{Table, kind};

macro_rules! schema {
    ($($table:ident ($($key:ident),+) { $($column:ident $type:ident $(<$inner:ident>)?,)* })*) => {
        $(diesel::table! { $table ($($key),+) { $($column -> $type $(<$inner>)?,)* } })*
        diesel::allow_tables_to_appear_in_same_query!($($table,)*);

        /// All tables, in an order in which rows can be put back.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($table),
            key: &[$(stringify!($key)),+],
            columns: &[$((stringify!($column), kind!($type $($inner)?))),*],
        }),*];
    };
}

schema! {
    county (county_id) {
        county_id Binary, code Text, name Text, settings Text, created_ms BigInt, version BigInt,
    }
    installation (name) {
        name Text, value Text,
    }
    account (id) {
        id Binary, username Text, display_name Text, county_id Binary, worker_id Nullable<Binary>,
        password_hash Nullable<Text>, activation_index Nullable<Binary>, activation_sealed Nullable<Binary>,
        activation_until_ms Nullable<BigInt>, totp_sealed Nullable<Binary>, totp_step BigInt, disabled Bool,
        seen_ms Nullable<BigInt>, created_ms BigInt, version BigInt,
    }
    account_role (account_id, county_id, role, place_id) {
        account_id Binary, county_id Binary, role Text, place_id Binary,
    }
    session (token_hash) {
        token_hash Binary, id Binary, account_id Binary, county_id Binary, second_factor Bool,
        device Text, created_ms BigInt, seen_ms BigInt, until_ms BigInt,
    }
    signin_guess (name_tag, source) {
        name_tag Binary, source Binary, failures Integer, on_day Text, retry_at_ms BigInt, owners Bool,
        seen_ms BigInt,
    }
    token (id) {
        id Binary, token_hash Binary, account_id Binary, county_id Binary, name Text, created_ms BigInt,
        until_ms BigInt, used_ms Nullable<BigInt>, revoked_ms Nullable<BigInt>,
    }
    idempotency (caller, route, key) {
        caller Binary, route Text, key Text, body_mac Binary, status Integer, answer Binary,
        created_ms BigInt,
    }
    write_generation (county_id, noun) {
        county_id Binary, noun Text, n BigInt,
    }
    holiday (county_id, date) {
        county_id Binary, date Text, name Text, is_workday Bool,
    }
    journal_entry (county_id, id) {
        county_id Binary, id Binary, at_ms BigInt, event Text, reason Text, account_id Nullable<Binary>,
        subject_noun Nullable<Text>, subject_id Nullable<Binary>, details Text, mac Binary,
        token_id Nullable<Binary>,
    }
    journal_seal (county_id, seq) {
        county_id Binary, seq BigInt, entry_id Binary, previous Binary, hash Binary,
    }
    division (county_id, id) {
        county_id Binary, id Binary, parent_id Nullable<Binary>, code Nullable<Text>, name Text, level Text,
        sort_key Text, valid_from Nullable<Text>, valid_to Nullable<Text>, successor_id Nullable<Binary>,
        created_ms BigInt, version BigInt,
    }
    division_path (county_id, above_id, below_id) {
        county_id Binary, above_id Binary, below_id Binary,
    }
    facility (county_id, id) {
        county_id Binary, id Binary, kind Text, name Text, division_id Binary, address Text, phone Text,
        hours Text, access Text, active Bool, created_ms BigInt, version BigInt,
    }
    firm (county_id, id) {
        county_id Binary, id Binary, kind Text, name Text, sort_key Text, uscc Nullable<Text>, address Text,
        phone Text, head_name Text, capacity Nullable<Integer>, active Bool, created_ms BigInt,
        version BigInt,
    }
    worker (county_id, id) {
        county_id Binary, id Binary, kind Text, firm_id Nullable<Binary>, name Text, sort_key Text,
        gender Nullable<Text>, licence Nullable<Text>, phone Text, specialties Text, languages Text,
        capacity Nullable<Integer>, active Bool, left_on Nullable<Text>, created_ms BigInt, version BigInt,
        practice_since Nullable<Text>,
    }
    worker_leave (county_id, id) {
        county_id Binary, id Binary, worker_id Binary, from_date Text, to_date Text, reason Text,
        created_ms BigInt,
    }
    deputy (county_id, id) {
        county_id Binary, id Binary, worker_id Binary, deputy_id Binary, from_date Text, to_date Text,
        account_id Nullable<Binary>, created_ms BigInt, ended_ms Nullable<BigInt>, version BigInt,
    }
    adviser_post (county_id, id) {
        county_id Binary, id Binary, division_id Binary, worker_id Binary, from_date Text,
        to_date Nullable<Text>, hours Text, created_ms BigInt, version BigInt,
    }
    grid (county_id, id) {
        county_id Binary, id Binary, division_id Binary, name Text, keeper Text, worker_id Nullable<Binary>,
        created_ms BigInt, version BigInt,
    }
    room (county_id, id) {
        county_id Binary, id Binary, name Text, organisation Text, division_id Nullable<Binary>,
        address Text, capacity Integer, equipment Text, hours Text, active Bool, created_ms BigInt,
        version BigInt,
    }
    name_gram (county_id, noun, gram, subject_id) {
        county_id Binary, noun Text, gram Text, subject_id Binary,
    }
    household (county_id, id) {
        county_id Binary, id Binary, kind Text, village_id Binary, grid_id Nullable<Binary>, head_name Text,
        sort_key Text, id_sealed Nullable<Binary>, id_index Nullable<Binary>,
        phones_sealed Nullable<Binary>, address_sealed Nullable<Binary>, note_sealed Nullable<Binary>,
        provider_hint Nullable<Text>, active Bool, left_on Nullable<Text>, batch_id Nullable<Binary>,
        staged Bool, restricted_ms Nullable<BigInt>, created_ms BigInt, version BigInt,
    }
    restriction (county_id, id) {
        county_id Binary, id Binary, household_id Binary, state Text, asked_by Nullable<Binary>, reference Text,
        reason_sealed Nullable<Binary>, restricted_by Nullable<Binary>, restricted_ms Nullable<BigInt>,
        due_on Nullable<Text>, lift_asked_ms Nullable<BigInt>, proposed_by Nullable<Binary>,
        proposed_ms Nullable<BigInt>, approved_by Nullable<Binary>, ended_ms Nullable<BigInt>, created_ms BigInt,
        version BigInt,
    }
    household_phone (county_id, household_id, phone_index) {
        county_id Binary, household_id Binary, phone_index Binary, tail_index Binary,
    }
    household_member (county_id, id) {
        county_id Binary, id Binary, household_id Binary, name Text, relation Text,
        id_sealed Nullable<Binary>, id_index Nullable<Binary>, from_date Text, to_date Nullable<Text>,
        created_ms BigInt,
    }
    household_category (county_id, id) {
        county_id Binary, id Binary, household_id Binary, category_sealed Binary, category_tag Binary,
        from_date Text, to_date Nullable<Text>, created_ms BigInt,
    }
    contact_card (county_id, id) {
        county_id Binary, id Binary, household_id Binary, secret_index Binary, secret_sealed Binary,
        printed_pairing_id Nullable<Binary>, printed_ms Nullable<BigInt>, created_ms BigInt,
        revoked_ms Nullable<BigInt>,
    }
    pairing (county_id, id) {
        county_id Binary, id Binary, household_id Binary, kind Text, worker_id Nullable<Binary>,
        firm_id Nullable<Binary>, from_date Text, to_date Nullable<Text>, end_reason Nullable<Text>,
        plan_id Nullable<Binary>, end_plan_id Nullable<Binary>, created_ms BigInt,
        ended_ms Nullable<BigInt>,
    }
    pairing_consent (county_id, pairing_id, side) {
        county_id Binary, pairing_id Binary, side Text, accepted Bool, how Nullable<Text>,
        note_sealed Nullable<Binary>, account_id Nullable<Binary>, at_ms BigInt,
    }
    pairing_conflict (county_id, id) {
        county_id Binary, id Binary, household_id Binary, worker_id Nullable<Binary>,
        firm_id Nullable<Binary>, reason Text, created_ms BigInt, lifted_ms Nullable<BigInt>,
    }
    plan (county_id, id) {
        county_id Binary, id Binary, kind Text, state Text, place_id Nullable<Binary>,
        leaver_id Nullable<Binary>, effective_on Text, summary Text, fingerprint Binary,
        account_id Nullable<Binary>, created_ms BigInt, committed_ms Nullable<BigInt>,
        undone_ms Nullable<BigInt>, version BigInt,
    }
    plan_row (county_id, plan_id, household_id) {
        county_id Binary, plan_id Binary, household_id Binary, household_kind Text, village_id Binary,
        old_pairing_id Nullable<Binary>, old_worker_id Nullable<Binary>, old_firm_id Nullable<Binary>,
        worker_id Nullable<Binary>, firm_id Nullable<Binary>, pairing_id Binary, undo_pairing_id Binary,
        unplaced_reason Nullable<Text>, override_reason Nullable<Text>,
    }
    import_batch (county_id, id) {
        county_id Binary, id Binary, kind Text, household_kind Nullable<Text>, file_name Text,
        file_hash Binary, file_sealed Nullable<Binary>, mapping Nullable<Text>, state Text,
        total_rows Integer, accepted Integer, new_rows Integer, changed Integer, unchanged Integer,
        findings Integer, errors Integer, staged_rows Integer, account_id Nullable<Binary>,
        created_ms BigInt, committed_ms Nullable<BigInt>, undone_ms Nullable<BigInt>, version BigInt,
    }
    import_finding (county_id, batch_id, n) {
        county_id Binary, batch_id Binary, n Integer, sheet Text, row_number Integer, column_name Text,
        code Text, severity Text,
    }
    import_change (county_id, batch_id, n) {
        county_id Binary, batch_id Binary, n Integer, noun Text, subject_id Binary, change Text,
        before_sealed Nullable<Binary>, after_sealed Nullable<Binary>,
    }
    number_series (county_id, series, year) {
        county_id Binary, series Text, year Integer, last BigInt,
    }
    paper (county_id, id) {
        county_id Binary, id Binary, kind Text, subject_noun Text, subject_id Binary, number Text,
        series Nullable<Text>, year Nullable<Integer>, n Nullable<BigInt>, latest Integer,
        void_sealed Nullable<Binary>, account_id Nullable<Binary>, created_ms BigInt,
        voided_ms Nullable<BigInt>, version BigInt,
    }
    paper_version (county_id, id) {
        county_id Binary, id Binary, paper_id Binary, n Integer, values_sealed Binary, docx_sealed Binary,
        docx_hash Binary, template_id Nullable<Binary>, blanks Text, account_id Nullable<Binary>,
        created_ms BigInt,
    }
    paper_template (county_id, id) {
        county_id Binary, id Binary, kind Text, n Integer, file_name Text, file_sealed Binary,
        file_hash Binary, active Bool, account_id Nullable<Binary>, created_ms BigInt, version BigInt,
    }
    deadline (county_id, id) {
        county_id Binary, id Binary, noun Text, subject_id Binary, label Text, division_id Nullable<Binary>,
        code Text, items Nullable<Text>, period Text, internal Nullable<Text>, started_ms BigInt, due Text,
        due_ms BigInt, internal_due Nullable<Text>, provisional Bool, source Text, reason Nullable<Text>, next_role Text,
        worker_id Nullable<Binary>, account_id Nullable<Binary>, stage Integer, remind_ms Nullable<BigInt>,
        urge_ms Nullable<BigInt>, escalate_ms Nullable<BigInt>, next_ms Nullable<BigInt>,
        reminded_ms Nullable<BigInt>, urged_ms Nullable<BigInt>, escalated_ms Nullable<BigInt>,
        met_ms Nullable<BigInt>, dropped_ms Nullable<BigInt>, created_ms BigInt, version BigInt,
    }
    deadline_rule (county_id, code) {
        county_id Binary, code Text, period Text, internal Nullable<Text>, source Text, created_ms BigInt,
        version BigInt,
    }
    notice (county_id, id) {
        county_id Binary, id Binary, key Text, kind Text, channel Text, language Text, noun Text,
        subject_id Binary, division_id Nullable<Binary>, account_id Nullable<Binary>,
        recipient_sealed Binary, who_sealed Binary, args_sealed Binary, state Text, tries Integer,
        next_ms Nullable<BigInt>, lease Nullable<Binary>, lease_until_ms Nullable<BigInt>,
        error Nullable<Text>, sent_ms Nullable<BigInt>, created_ms BigInt, version BigInt,
    }
    inbox (county_id, id) {
        county_id Binary, id Binary, account_id Binary, key Text, kind Text, noun Text, subject_id Binary,
        args_sealed Binary, at_ms BigInt, read_ms Nullable<BigInt>, created_ms BigInt, version BigInt,
    }
    reach (county_id, account_id) {
        county_id Binary, account_id Binary, mail_sealed Nullable<Binary>, phone_sealed Nullable<Binary>,
        wechat_sealed Nullable<Binary>, mail Bool, sms Bool, wechat Bool, version BigInt,
    }
    call_task (county_id, id) {
        county_id Binary, id Binary, key Text, kind Text, noun Text, subject_id Binary,
        division_id Nullable<Binary>, reason Text, who_sealed Binary, phone_sealed Binary,
        args_sealed Binary, outcome Nullable<Text>, done_ms Nullable<BigInt>, account_id Nullable<Binary>,
        created_ms BigInt, version BigInt,
    }
    notice_setting (county_id) {
        county_id Binary, settings Text, gateway_sealed Nullable<Binary>, password_sealed Nullable<Binary>,
        version BigInt,
    }
    flow_state (flow, flow_version, state) {
        flow Text, flow_version Integer, state Text, closed Bool,
    }
    flow_move (flow, flow_version, from_state, to_state) {
        flow Text, flow_version Integer, from_state Text, to_state Text,
    }
    flow_text (flow, flow_version) {
        flow Text, flow_version Integer, definition Text,
    }
    casefile (county_id, id) {
        county_id Binary, id Binary, flow Text, flow_version Integer, state Text, number Text,
        old_number Nullable<Text>, division_id Nullable<Binary>, household_id Nullable<Binary>,
        person_name Text, sort_key Text, phone_index Nullable<Binary>, id_index Nullable<Binary>,
        worker_id Nullable<Binary>, resident_id Nullable<Binary>, opened_by Nullable<Binary>,
        routed_by Nullable<Text>, fields_sealed Binary, next_role Nullable<Text>, urgent Bool,
        created_ms BigInt, changed_ms BigInt, closed_ms Nullable<BigInt>, restricted_ms Nullable<BigInt>,
        version BigInt,
    }
    casefile_step (county_id, id) {
        county_id Binary, id Binary, case_id Binary, n Integer, action Text, from_state Text, to_state Text,
        role Nullable<Text>, account_id Nullable<Binary>, worker_id Nullable<Binary>, for_person Bool,
        fields_sealed Nullable<Binary>, at_ms BigInt, for_worker_id Nullable<Binary>, happened_on Nullable<Text>,
    }
    casefile_worker (county_id, case_id, worker_id, duty, from_ms) {
        county_id Binary, case_id Binary, worker_id Binary, duty Text, from_ms BigInt,
        to_ms Nullable<BigInt>,
    }
    casefile_answerable (county_id, case_id, n) {
        county_id Binary, case_id Binary, n Integer, worker_id Nullable<Binary>, account_id Nullable<Binary>,
        from_ms BigInt, to_ms Nullable<BigInt>,
    }
    casefile_unit (county_id, case_id, asked_n) {
        county_id Binary, case_id Binary, asked_n Integer, unit Text, worker_id Nullable<Binary>,
        due_date Nullable<Text>, answered_n Nullable<Integer>, ended_n Nullable<Integer>,
    }
    casefile_party (county_id, id) {
        county_id Binary, id Binary, case_id Binary, position Integer, side Text, name Text, sort_key Text,
        household_id Nullable<Binary>, phone_index Nullable<Binary>, id_index Nullable<Binary>,
    }
    casefile_link (county_id, from_id, to_id) {
        county_id Binary, from_id Binary, to_id Binary, kind Text, created_ms BigInt,
    }
    casefile_index (county_id, case_id, field, value) {
        county_id Binary, case_id Binary, flow Text, field Text, value Text, amount Nullable<BigInt>,
    }
    casefile_transfer (county_id, id) {
        county_id Binary, id Binary, case_id Binary, from_worker_id Nullable<Binary>, to_worker_id Binary,
        state Text, reason_sealed Binary, answer_sealed Nullable<Binary>, account_id Nullable<Binary>,
        created_ms BigInt, decided_ms Nullable<BigInt>, version BigInt,
    }
    attachment (county_id, id) {
        county_id Binary, id Binary, case_id Binary, name_sealed Binary, media_type Text, size BigInt,
        account_id Nullable<Binary>, created_ms BigInt, removed_ms Nullable<BigInt>,
    }
    attachment_part (county_id, id) {
        county_id Binary, id Binary, attachment_id Binary, n Integer, body_sealed Binary,
    }
    duty_shift (county_id, id) {
        county_id Binary, id Binary, worker_id Binary, kind Text, division_id Binary,
        facility_id Nullable<Binary>, spot Text, day Text, from_minute Integer, to_minute Integer,
        series_id Nullable<Binary>, state Text, flag_reason Nullable<Text>, account_id Nullable<Binary>,
        created_ms BigInt, version BigInt,
    }
    worker_slot (county_id, lane, worker_id, day, slot) {
        county_id Binary, lane Text, worker_id Binary, day Text, slot Integer, subject_id Binary,
    }
    duty_swap (county_id, id) {
        county_id Binary, id Binary, shift_id Binary, from_worker_id Binary, to_worker_id Binary,
        return_shift_id Nullable<Binary>, note Text, state Text, created_ms BigInt,
        answered_ms Nullable<BigInt>, version BigInt,
    }
    duty_rule (county_id, kind, period) {
        county_id Binary, kind Text, period Text, least_count Nullable<Integer>,
        least_minutes Nullable<Integer>, from_date Text, to_date Nullable<Text>, source Text, version BigInt,
    }
    duty_fee (county_id, id) {
        county_id Binary, id Binary, basis Text, kind Nullable<Text>, fen BigInt, from_date Text,
        to_date Nullable<Text>, version BigInt,
    }
    visit (county_id, id) {
        county_id Binary, id Binary, worker_id Binary, division_id Binary, household_id Nullable<Binary>,
        purpose Text, planned_on Text, done_on Nullable<Text>, minutes Nullable<Integer>,
        found_sealed Nullable<Binary>, follow_up_sealed Nullable<Binary>, follow_up_on Nullable<Text>,
        state Text, log_id Nullable<Binary>, account_id Nullable<Binary>, created_ms BigInt, version BigInt,
    }
    contact_group (county_id, id) {
        county_id Binary, id Binary, name Text, platform Text, division_id Binary, keeper Text,
        worker_id Nullable<Binary>, members Integer, active Bool, created_ms BigInt, version BigInt,
    }
    service_log (county_id, id) {
        county_id Binary, id Binary, worker_id Binary, division_id Binary, day Text, kind Text, mode Text,
        minutes Integer, items Integer, people Integer, copies Integer, settled Bool, topic Text,
        audience Text, note_sealed Nullable<Binary>, follow_up_on Nullable<Text>, report Bool,
        household_id Nullable<Binary>, group_id Nullable<Binary>, subject_noun Nullable<Text>,
        subject_id Nullable<Binary>, withdrawn Bool, account_id Nullable<Binary>, created_ms BigInt,
        version BigInt,
    }
    service_log_past (county_id, log_id, version) {
        county_id Binary, log_id Binary, version BigInt, before_sealed Binary, reason Text,
        account_id Nullable<Binary>, at_ms BigInt,
    }
    notary_matter (county_id, id) {
        county_id Binary, id Binary, name Text, papers Text, note Text, minutes Integer, position Integer,
        active Bool, created_ms BigInt, version BigInt,
    }
    appointment (county_id, id) {
        county_id Binary, id Binary, matter_id Binary, worker_id Binary, day Text, from_minute Integer,
        to_minute Integer, person_sealed Binary, phone_sealed Binary, state Text,
        account_id Nullable<Binary>, created_ms BigInt, version BigInt,
    }
    booking (county_id, id) {
        county_id Binary, id Binary, room_id Binary, starts_ms BigInt, ends_ms BigInt, state Text,
        purpose_sealed Binary, link_sealed Nullable<Binary>, mediation_case_id Nullable<Binary>,
        mediator_id Nullable<Binary>, lawyer_id Nullable<Binary>, series_id Nullable<Binary>,
        flag Nullable<Text>, kept Nullable<Text>, offer_until_ms Nullable<BigInt>,
        account_id Nullable<Binary>, created_ms BigInt, changed_ms BigInt, version BigInt,
    }
    booking_party (county_id, booking_id, party_id) {
        county_id Binary, booking_id Binary, party_id Binary,
    }
    booking_slot (county_id, subject_kind, subject_id, slot) {
        county_id Binary, subject_kind Text, subject_id Binary, slot BigInt, booking_id Binary,
    }
    room_closure (county_id, id) {
        county_id Binary, id Binary, room_id Nullable<Binary>, from_ms BigInt, to_ms BigInt, opens Bool,
        reason Text, created_ms BigInt, version BigInt,
    }
    booking_wait (county_id, id) {
        county_id Binary, id Binary, room_id Binary, starts_ms BigInt, ends_ms BigInt, purpose_sealed Binary,
        mediation_case_id Nullable<Binary>, mediator_id Nullable<Binary>, lawyer_id Nullable<Binary>,
        parties Text, state Text, booking_id Nullable<Binary>, account_id Nullable<Binary>,
        created_ms BigInt, version BigInt,
    }
    calendar_feed (county_id, id) {
        county_id Binary, id Binary, kind Text, subject_id Binary, secret_hash Binary,
        account_id Nullable<Binary>, created_ms BigInt, revoked_ms Nullable<BigInt>,
    }
    resident_home (county_id, account_id) {
        county_id Binary, account_id Binary, household_id Binary, member_id Nullable<Binary>,
        opened_by Nullable<Binary>, created_ms BigInt,
    }
    stat_report (county_id, id) {
        county_id Binary, id Binary, title Text, division_id Nullable<Binary>, from_date Text, to_date Text,
        figures Text, account_id Nullable<Binary>, created_ms BigInt,
    }
    committee (county_id, id) {
        county_id Binary, id Binary, parent_id Nullable<Binary>, kind Text, name Text, sort_key Text,
        division_id Nullable<Binary>, address Text, phone Text, term_from Text, term_to Text, active Bool,
        created_ms BigInt, version BigInt,
    }
    committee_member (county_id, id) {
        county_id Binary, id Binary, committee_id Binary, worker_id Nullable<Binary>, name Text,
        gender Nullable<Text>, duty Text, minority Bool, from_date Text, to_date Nullable<Text>,
        created_ms BigInt, version BigInt,
    }
    plugin_key (key_id) {
        key_id Text, name Text, root Bool, created_ms BigInt, revoked_ms Nullable<BigInt>,
    }
    plugin_revocation (sha256) {
        sha256 Text, created_ms BigInt,
    }
    plugin_package (plugin, generation) {
        plugin Text, generation Integer, package_version Text, sha256 Text, signer Nullable<Text>,
        declaration Text, library Bool, body Binary, created_ms BigInt,
    }
    plugin_install (county_id, id) {
        county_id Binary, id Binary, plugin Text, state Text, generation Integer, previous Nullable<Integer>,
        offered Nullable<Integer>, offered_tried Bool, permissions Text, reason Text,
        account_id Nullable<Binary>, created_ms BigInt, changed_ms BigInt, upgraded_ms Nullable<BigInt>, version BigInt,
    }
    flow_rename (flow, from_version, to_version, from_state, to_state) {
        flow Text, from_version Integer, to_version Integer, from_state Text, to_state Text,
    }
    plugin_setting (county_id, id) {
        county_id Binary, id Binary, plugin Text, settings Text, account_id Nullable<Binary>, changed_ms BigInt,
        version BigInt,
    }
    plugin_post (county_id, id) {
        county_id Binary, id Binary, plugin Text, post Text, account_id Binary, division_id Nullable<Binary>,
        granted_by Nullable<Binary>, from_ms BigInt, to_ms Nullable<BigInt>, version BigInt,
    }
    plugin_batch (county_id, id) {
        county_id Binary, id Binary, plugin Text, code Text, file_name Text, state Text, row_count Integer,
        accepted Integer, known Integer, findings Text, rows_sealed Nullable<Binary>, account_id Nullable<Binary>,
        created_ms BigInt, decided_ms Nullable<BigInt>, version BigInt,
    }
    plugin_batch_case (county_id, case_id) {
        county_id Binary, case_id Binary, batch_id Binary, case_version BigInt,
    }
    booking_brought (county_id, booking_id) {
        county_id Binary, booking_id Binary, batch_id Binary, booking_version BigInt,
    }
    plugin_turn (county_id, case_id, to_version) {
        county_id Binary, case_id Binary, plugin Text, to_version Integer, from_version Integer, from_state Text,
        to_state Text, at_ms BigInt,
    }
    plugin_export (county_id, id) {
        county_id Binary, id Binary, plugin Text, case_count Integer, body_sealed Binary,
        account_id Nullable<Binary>, created_ms BigInt, until_ms BigInt,
    }
    plugin_job_run (county_id, plugin, job, period, subject_id) {
        county_id Binary, plugin Text, job Text, period Text, subject_id Binary, outcome Text, ran_ms BigInt,
    }
    plugin_letter (county_id, id) {
        county_id Binary, id Binary, plugin Text, kind Text, code Text, position Integer, period Text,
        subject_id Binary, refusal Text, refusal_sealed Nullable<Binary>, generation Integer, state Text, tries Integer, created_ms BigInt, changed_ms BigInt,
        version BigInt,
    }
    plugin_document (county_id, id) {
        county_id Binary, id Binary, plugin Text, collection Text, item Text, version BigInt, body_sealed Binary,
        changed_ms BigInt,
    }
    plugin_document_index (county_id, plugin, collection, member, value, item) {
        county_id Binary, plugin Text, collection Text, member Text, value Text, item Text,
    }
    plugin_errand (county_id, id) {
        county_id Binary, id Binary, plugin Text, kind Text, code Text, position Integer, period Text,
        subject_id Binary, cursor Text, cursor_sealed Nullable<Binary>, generation Integer, part Integer, state Text, tries Integer, due_ms BigInt,
        created_ms BigInt, version BigInt,
    }
}

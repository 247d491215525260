//! The tables as both databases have them; the migrations are the source.

diesel::table! {
    county (county_id) {
        county_id -> Binary,
        code -> Text,
        name -> Text,
        settings -> Text,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    installation (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    account (id) {
        id -> Binary,
        username -> Text,
        display_name -> Text,
        county_id -> Binary,
        worker_id -> Nullable<Binary>,
        password_hash -> Nullable<Text>,
        activation_index -> Nullable<Binary>,
        activation_sealed -> Nullable<Binary>,
        activation_until_ms -> Nullable<BigInt>,
        totp_sealed -> Nullable<Binary>,
        totp_step -> BigInt,
        disabled -> Bool,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    account_role (account_id, county_id, role, place_id) {
        account_id -> Binary,
        county_id -> Binary,
        role -> Text,
        place_id -> Binary,
    }
}

diesel::table! {
    session (token_hash) {
        token_hash -> Binary,
        id -> Binary,
        account_id -> Binary,
        county_id -> Binary,
        second_factor -> Bool,
        created_ms -> BigInt,
        seen_ms -> BigInt,
        until_ms -> BigInt,
    }
}

diesel::table! {
    signin_guess (name_tag, source) {
        name_tag -> Binary,
        source -> Binary,
        failures -> Integer,
        on_day -> Text,
        retry_at_ms -> BigInt,
        owners -> Bool,
        seen_ms -> BigInt,
    }
}

diesel::table! {
    token (id) {
        id -> Binary,
        token_hash -> Binary,
        account_id -> Binary,
        county_id -> Binary,
        name -> Text,
        created_ms -> BigInt,
        until_ms -> BigInt,
        revoked_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    idempotency (caller, route, key) {
        caller -> Binary,
        route -> Text,
        key -> Text,
        body_mac -> Binary,
        status -> Integer,
        answer -> Binary,
        created_ms -> BigInt,
    }
}

diesel::table! {
    write_generation (county_id, noun) {
        county_id -> Binary,
        noun -> Text,
        n -> BigInt,
    }
}

diesel::table! {
    holiday (county_id, date) {
        county_id -> Binary,
        date -> Text,
        name -> Text,
        is_workday -> Bool,
    }
}

diesel::table! {
    journal_entry (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        at_ms -> BigInt,
        event -> Text,
        reason -> Text,
        account_id -> Nullable<Binary>,
        subject_noun -> Nullable<Text>,
        subject_id -> Nullable<Binary>,
        details -> Text,
        mac -> Binary,
    }
}

diesel::table! {
    journal_seal (county_id, seq) {
        county_id -> Binary,
        seq -> BigInt,
        entry_id -> Binary,
        previous -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    division (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        parent_id -> Nullable<Binary>,
        code -> Nullable<Text>,
        name -> Text,
        level -> Text,
        sort_key -> Text,
        valid_from -> Nullable<Text>,
        valid_to -> Nullable<Text>,
        successor_id -> Nullable<Binary>,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    division_path (county_id, above_id, below_id) {
        county_id -> Binary,
        above_id -> Binary,
        below_id -> Binary,
    }
}

diesel::table! {
    facility (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        kind -> Text,
        name -> Text,
        division_id -> Binary,
        address -> Text,
        phone -> Text,
        hours -> Text,
        access -> Text,
        active -> Bool,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    firm (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        kind -> Text,
        name -> Text,
        sort_key -> Text,
        uscc -> Nullable<Text>,
        address -> Text,
        phone -> Text,
        head_name -> Text,
        capacity -> Nullable<Integer>,
        active -> Bool,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    worker (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        kind -> Text,
        firm_id -> Nullable<Binary>,
        name -> Text,
        sort_key -> Text,
        gender -> Nullable<Text>,
        licence -> Nullable<Text>,
        phone -> Text,
        specialties -> Text,
        languages -> Text,
        capacity -> Nullable<Integer>,
        active -> Bool,
        left_on -> Nullable<Text>,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    worker_leave (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        worker_id -> Binary,
        from_date -> Text,
        to_date -> Text,
        reason -> Text,
        created_ms -> BigInt,
    }
}

diesel::table! {
    adviser_post (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        division_id -> Binary,
        worker_id -> Binary,
        from_date -> Text,
        to_date -> Nullable<Text>,
        hours -> Text,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    grid (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        division_id -> Binary,
        name -> Text,
        keeper -> Text,
        worker_id -> Nullable<Binary>,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    room (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        name -> Text,
        organisation -> Text,
        division_id -> Nullable<Binary>,
        address -> Text,
        capacity -> Integer,
        equipment -> Text,
        hours -> Text,
        active -> Bool,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    name_gram (county_id, noun, gram, subject_id) {
        county_id -> Binary,
        noun -> Text,
        gram -> Text,
        subject_id -> Binary,
    }
}

diesel::table! {
    household (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        kind -> Text,
        village_id -> Binary,
        grid_id -> Nullable<Binary>,
        head_name -> Text,
        sort_key -> Text,
        id_sealed -> Nullable<Binary>,
        id_index -> Nullable<Binary>,
        phones_sealed -> Nullable<Binary>,
        address_sealed -> Nullable<Binary>,
        note_sealed -> Nullable<Binary>,
        provider_hint -> Nullable<Text>,
        active -> Bool,
        left_on -> Nullable<Text>,
        batch_id -> Nullable<Binary>,
        staged -> Bool,
        created_ms -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    household_phone (county_id, household_id, phone_index) {
        county_id -> Binary,
        household_id -> Binary,
        phone_index -> Binary,
        tail_index -> Binary,
    }
}

diesel::table! {
    household_member (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        household_id -> Binary,
        name -> Text,
        relation -> Text,
        id_sealed -> Nullable<Binary>,
        id_index -> Nullable<Binary>,
        from_date -> Text,
        to_date -> Nullable<Text>,
        created_ms -> BigInt,
    }
}

diesel::table! {
    household_category (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        household_id -> Binary,
        category_sealed -> Binary,
        category_tag -> Binary,
        from_date -> Text,
        to_date -> Nullable<Text>,
        created_ms -> BigInt,
    }
}

diesel::table! {
    contact_card (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        household_id -> Binary,
        secret_index -> Binary,
        secret_sealed -> Binary,
        printed_pairing_id -> Nullable<Binary>,
        printed_ms -> Nullable<BigInt>,
        created_ms -> BigInt,
        revoked_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    pairing (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        household_id -> Binary,
        kind -> Text,
        worker_id -> Nullable<Binary>,
        firm_id -> Nullable<Binary>,
        from_date -> Text,
        to_date -> Nullable<Text>,
        end_reason -> Nullable<Text>,
        plan_id -> Nullable<Binary>,
        end_plan_id -> Nullable<Binary>,
        created_ms -> BigInt,
        ended_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    pairing_consent (county_id, pairing_id, side) {
        county_id -> Binary,
        pairing_id -> Binary,
        side -> Text,
        accepted -> Bool,
        account_id -> Nullable<Binary>,
        at_ms -> BigInt,
    }
}

diesel::table! {
    pairing_conflict (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        household_id -> Binary,
        worker_id -> Nullable<Binary>,
        firm_id -> Nullable<Binary>,
        reason -> Text,
        created_ms -> BigInt,
        lifted_ms -> Nullable<BigInt>,
    }
}

diesel::table! {
    plan (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        kind -> Text,
        state -> Text,
        place_id -> Nullable<Binary>,
        leaver_id -> Nullable<Binary>,
        effective_on -> Text,
        summary -> Text,
        fingerprint -> Binary,
        account_id -> Nullable<Binary>,
        created_ms -> BigInt,
        committed_ms -> Nullable<BigInt>,
        undone_ms -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    plan_row (county_id, plan_id, household_id) {
        county_id -> Binary,
        plan_id -> Binary,
        household_id -> Binary,
        household_kind -> Text,
        village_id -> Binary,
        old_pairing_id -> Nullable<Binary>,
        old_worker_id -> Nullable<Binary>,
        old_firm_id -> Nullable<Binary>,
        worker_id -> Nullable<Binary>,
        firm_id -> Nullable<Binary>,
        pairing_id -> Binary,
        undo_pairing_id -> Binary,
        unplaced_reason -> Nullable<Text>,
        override_reason -> Nullable<Text>,
    }
}

diesel::table! {
    import_batch (county_id, id) {
        county_id -> Binary,
        id -> Binary,
        kind -> Text,
        household_kind -> Nullable<Text>,
        file_name -> Text,
        file_hash -> Binary,
        file_sealed -> Nullable<Binary>,
        mapping -> Nullable<Text>,
        state -> Text,
        total_rows -> Integer,
        accepted -> Integer,
        new_rows -> Integer,
        changed -> Integer,
        unchanged -> Integer,
        findings -> Integer,
        errors -> Integer,
        staged_rows -> Integer,
        account_id -> Nullable<Binary>,
        created_ms -> BigInt,
        committed_ms -> Nullable<BigInt>,
        undone_ms -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    import_finding (county_id, batch_id, n) {
        county_id -> Binary,
        batch_id -> Binary,
        n -> Integer,
        sheet -> Text,
        row_number -> Integer,
        column_name -> Text,
        code -> Text,
        severity -> Text,
    }
}

diesel::table! {
    import_change (county_id, batch_id, n) {
        county_id -> Binary,
        batch_id -> Binary,
        n -> Integer,
        noun -> Text,
        subject_id -> Binary,
        change -> Text,
        before_sealed -> Nullable<Binary>,
        after_sealed -> Nullable<Binary>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    county,
    installation,
    account,
    account_role,
    session,
    signin_guess,
    token,
    idempotency,
    write_generation,
    holiday,
    journal_entry,
    journal_seal,
    division,
    division_path,
    facility,
    firm,
    worker,
    worker_leave,
    adviser_post,
    grid,
    room,
    name_gram,
    household,
    household_phone,
    household_member,
    household_category,
    contact_card,
    pairing,
    pairing_consent,
    pairing_conflict,
    plan,
    plan_row,
    import_batch,
    import_finding,
    import_change,
);

-- County workflows: whom a deployment trusts, the packages on its shelf, and what each county has put in use.

-- Keys of roots and publishers, as hexadecimal text. A revoked one stays, so that nobody brings it back by mistake.
CREATE TABLE plugin_key (
    key_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    root BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT
);

-- Packages that a root has taken out of the world, by SHA-256.
CREATE TABLE plugin_revocation (
    sha256 TEXT NOT NULL PRIMARY KEY,
    created_ms BIGINT NOT NULL
);

-- Verified packages. The generation counts the packages of one plugin; its flows carry it as their version, so that
-- a case finishes under the table that it began with.
CREATE TABLE plugin_package (
    plugin TEXT NOT NULL,
    generation INTEGER NOT NULL,
    package_version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    signer TEXT,
    declaration TEXT NOT NULL,
    library BOOLEAN NOT NULL,
    body BLOB NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (plugin, generation),
    UNIQUE (plugin, sha256),
    CHECK (generation >= 1)
);

CREATE TRIGGER plugin_package_stays BEFORE UPDATE ON plugin_package FOR EACH ROW
BEGIN
    SELECT RAISE(ABORT, 'falin: plugin_package.append_only');
END;

-- What a county has of a plugin: the generation in use, the one before, and one that waits to be put in use.
CREATE TABLE plugin_install (
    county_id BLOB NOT NULL,
    id BLOB NOT NULL,
    plugin TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('verified', 'tried', 'granted', 'enabled', 'disabled', 'quarantined', 'removed')),
    generation INTEGER NOT NULL,
    previous INTEGER,
    offered INTEGER,
    offered_tried BOOLEAN NOT NULL,
    permissions TEXT NOT NULL,
    reason TEXT NOT NULL,
    account_id BLOB,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    UNIQUE (county_id, plugin),
    FOREIGN KEY (plugin, generation) REFERENCES plugin_package (plugin, generation),
    FOREIGN KEY (plugin, previous) REFERENCES plugin_package (plugin, generation),
    FOREIGN KEY (plugin, offered) REFERENCES plugin_package (plugin, generation),
    CHECK (offered IS NOT NULL OR NOT offered_tried)
);

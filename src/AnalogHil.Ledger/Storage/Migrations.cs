using System.Collections.Immutable;

namespace AnalogHil.Ledger.Storage;

/// <summary>Every schema that ever was, in order. A migration that was released is never changed: what it got wrong, the next one mends.</summary>
internal static class Migrations
{
    /// <summary>All of them. Times are milliseconds since 1970, UTC; hashes are SHA-256.</summary>
    public static ImmutableArray<Migration> All { get; } =
    [
        new(1, """
            create table audit (
              sequence integer primary key, at integer not null, actor text not null, action text not null, subject text not null,
              detail text not null, previous blob not null, hash blob not null) strict;
            create table audit_head (one integer primary key check (one = 1), sequence integer not null, hash blob not null) strict;
            create table leases (
              resource text not null, epoch integer not null, holder text not null, ttl integer not null, granted integer not null,
              expires integer not null, ended integer, ending text, ended_by text, reason text,
              primary key (resource, epoch)) strict, without rowid;
            create unique index leases_held on leases (resource) where ended is null;
            create unique index leases_by_epoch on leases (epoch);
            """),
        new(2, """
            create table intents (
              id integer primary key autoincrement, resource text not null, epoch integer not null, kind text not null, actor text not null,
              payload blob not null, old_hash text, new_hash text, caller text, request text, begun integer not null,
              closed integer, outcome text, evidence text, reply_code integer, reply blob) strict;
            create unique index intents_unsettled on intents (resource) where outcome is null or outcome = 'unknown';
            create index intents_of_request on intents (caller, request);
            create table requests (
              caller text not null, id text not null, body blob not null, state text not null, begun integer not null, ended integer,
              reply_code integer, reply blob, primary key (caller, id)) strict, without rowid;
            create index requests_by_age on requests (begun);
            alter table leases add column request text;
            """),
        new(3, """
            create table operations (
              name text primary key, kind text not null, owner text not null, state text not null, request blob not null, metadata blob not null,
              result blob, error blob, caller text, request_id text, cancel_requested integer not null default 0,
              created integer not null, updated integer not null, ended integer) strict, without rowid;
            create unique index operations_of_request on operations (caller, request_id) where request_id is not null;
            create index operations_by_age on operations (created, name);
            """),
        new(4, """
            create table calibrations (
              id text primary key, device_uid text not null, bench text not null, firmware text not null, temperature real, method text not null,
              code_version text not null, seed integer not null, raw_hash text not null, document text not null, made_by text not null,
              valid_from integer not null, valid_until integer not null, superseded_by text references calibrations (id),
              bad_by text, bad_why text, bad_at integer) strict, without rowid;
            create index calibrations_of_device on calibrations (device_uid, valid_from);
            create table calibration_figures (
              calibration text not null references calibrations (id), name text not null, value real not null, unit text not null,
              low real not null, high real not null, level real not null, n integer not null, method text not null,
              primary key (calibration, name)) strict, without rowid;
            create table active_calibrations (device_uid text primary key, calibration text not null references calibrations (id)) strict, without rowid;
            create table records (
              kind text not null, id text not null, revision integer not null, document text not null, hash text not null,
              created integer not null, updated integer not null, primary key (kind, id)) strict, without rowid;
            create table arrays (
              kind text not null, owner text not null, name text not null, shape text not null, data blob not null, hash text not null,
              primary key (kind, owner, name)) strict;
            """),
        new(5, """
            alter table intents add column replaced_by integer;
            alter table requests add column content blob;
            drop index intents_unsettled;
            create unique index intents_unsettled on intents (resource) where (outcome is null or outcome = 'unknown') and replaced_by is null;
            """),
        new(6, """
            alter table intents add column intended blob;
            """),
    ];

    /// <summary>Schema of this program.</summary>
    public static int Newest => All[^1].Version;
}

using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Ledger.Audit;
using AnalogHil.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger;

/// <summary>What a ledger's file shows to one who only looks: no lock is taken and nothing is migrated, so that a daemon may have it open meanwhile.</summary>
/// <param name="Schema">Schema of the file.</param>
/// <param name="NewestSchema">Schema that this program would bring it to.</param>
/// <param name="Damage">What SQLite's quick check found, at most three; empty: nothing.</param>
/// <param name="Audit">The audit chain; null where the file is damaged or of another schema, so that it cannot be read.</param>
/// <param name="LastEntry">When the last audit entry was made, UTC; null: there is none.</param>
public sealed record LedgerInspection(long Schema, long NewestSchema, ImmutableArray<string> Damage, AuditVerdict? Audit, DateTimeOffset? LastEntry)
{
    private const int MostDamage = 3;

    /// <summary>Looks at the ledger of a directory.</summary>
    /// <param name="directory">State directory of a daemon.</param>
    /// <returns>What was found; null: there is no ledger.</returns>
    /// <exception cref="LedgerException">Damaged: it is no ledger, or cannot be read at all. Unwritable: this user may not read it.</exception>
    public static LedgerInspection? Of(string directory)
    {
        if (!File.Exists(Path.Combine(directory, Database.FileName)))
        {
            return null;
        }

        using Database database = Database.OpenToRead(directory);
        try
        {
            long schema = database.Scalar("pragma user_version");
            List<string> found = database.Query(string.Create(CultureInfo.InvariantCulture, $"pragma quick_check({MostDamage})"), row => row.GetString(0));
            ImmutableArray<string> damage = found is ["ok"] ? [] : [.. found];
            if (!damage.IsEmpty || schema != Migrations.Newest)
            {
                return new LedgerInspection(schema, Migrations.Newest, damage, null, null);
            }

            long last = database.Scalar("select at from audit order by sequence desc limit 1");
            return new LedgerInspection(
                schema, Migrations.Newest, damage, new AuditChain(database, TimeProvider.System).Verify(),
                last == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(last));
        }
        catch (SqliteException refused)
        {
            throw Database.Translate(Path.Combine(directory, Database.FileName), refused);
        }
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AnalogHil.Ledger.Calibrations;
using AnalogHil.Ledger.Records;
using AnalogHil.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Export;

/// <summary>Writes entries as files that need no program of ours: JSON, and one .npy for each array. Times are milliseconds since 1970, bytes base64.</summary>
public sealed class LedgerExport
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };
    private readonly Database _database;
    private readonly ArrayTable _arrays;

    internal LedgerExport(Database database)
    {
        _database = database;
        _arrays = new ArrayTable(database);
    }

    /// <summary>Writes an entry.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Which, see <see cref="ExportKind"/>.</param>
    /// <param name="directory">Where to; created if it is not there. Files in it of the same name are replaced.</param>
    /// <returns>The files, the JSON first.</returns>
    /// <exception cref="LedgerException">NotFound.</exception>
    public IReadOnlyList<string> Write(ExportKind kind, string name, string directory)
    {
        JsonObject entry = Read(kind, name);
        List<ArrayEntry> arrays = Arrays(kind, name);
        Directory.CreateDirectory(directory);
        var files = new List<string> { Path.Combine(directory, $"{kind.ToString().ToLowerInvariant()}.json") };
        var listed = new JsonArray();
        foreach (ArrayEntry array in arrays)
        {
            string file = Path.Combine(directory, $"{array.Name}.npy");
            File.WriteAllBytes(file, NpyFile.Bytes(array));
            files.Add(file);
            listed.Add(Path.GetFileName(file));
        }

        if (arrays.Count > 0)
        {
            entry["arrays"] = listed;
        }

        File.WriteAllText(files[0], entry.ToJsonString(Format), new UTF8Encoding(false));
        return files;
    }

    /// <summary>An entry as JSON, without its arrays.</summary>
    /// <exception cref="LedgerException">NotFound.</exception>
    public JsonObject Read(ExportKind kind, string name)
    {
        (string first, string second) = Halves(name);
        List<JsonObject> rows = kind switch
        {
            ExportKind.Lease => Rows("select * from leases where resource = $a order by epoch", name),
            ExportKind.Intent => Rows("select * from intents where id = cast($a as integer)", name),
            ExportKind.Request => Rows("select * from requests where caller = $a and id = $b", first, second),
            ExportKind.Operation => Rows("select * from operations where name = $a", name),
            ExportKind.Calibration => Rows("select * from calibrations where id = $a", name),
            ExportKind.Record => Rows("select * from records where kind = $a and id = $b", first, second),
            ExportKind.Audit => Rows("select * from audit where sequence = cast($a as integer)", name),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of entry"),
        };
        if (rows.Count == 0)
        {
            throw new LedgerException(LedgerFault.NotFound, $"no {kind.ToString().ToLowerInvariant()} '{name}' in the ledger");
        }

        if (kind == ExportKind.Lease)
        {
            return new JsonObject { ["leases"] = new JsonArray([.. rows]) };
        }

        JsonObject entry = rows[0];
        if (entry["document"] is JsonValue document)
        {
            entry["document"] = JsonNode.Parse(document.GetValue<string>());
        }

        if (kind == ExportKind.Calibration)
        {
            entry["figures"] = new JsonArray([.. Rows("select * from calibration_figures where calibration = $a order by name", name)]);
        }

        return entry;
    }

    private List<ArrayEntry> Arrays(ExportKind kind, string name) => kind switch
    {
        ExportKind.Calibration => _arrays.Of(CalibrationStore.Kind, name),
        ExportKind.Record => _arrays.Of(Halves(name).First, Halves(name).Second),
        _ => [],
    };

    private static (string First, string Second) Halves(string name) =>
        name.Split(' ', 2) is [string first, string second] ? (first, second) : (name, "");

    private List<JsonObject> Rows(string sql, string a, string? b = null) =>
        b is null ? _database.Query(sql, Row, ("$a", a)) : _database.Query(sql, Row, ("$a", a), ("$b", b));

    private static JsonObject Row(SqliteDataReader row)
    {
        var entry = new JsonObject();
        for (int column = 0; column < row.FieldCount; column++)
        {
            entry[row.GetName(column)] = row.GetValue(column) switch
            {
                DBNull => null,
                long number => JsonValue.Create(number),
                double number => JsonValue.Create(number),
                byte[] bytes => JsonValue.Create(Convert.ToBase64String(bytes)),
                object text => JsonValue.Create(text.ToString()),
            };
        }

        return entry;
    }
}

using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Storage;

/// <summary>The SQLite file: one connection, one change at a time, each on the disk when it returns (WAL, synchronous=FULL).</summary>
internal sealed class Database : IDisposable
{
    /// <summary>Name of the file in the ledger's directory.</summary>
    public const string FileName = "ledger.sqlite";

    // "AHIL": tells a ledger from any other SQLite file.
    private const int ApplicationId = 0x4148494C;
    private const string Remedy = "move it away and restore a copy, or start with an empty ledger after making every device safe";
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly LedgerLock? _lock;
    private readonly ICommitWatcher? _commits;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private SqliteTransaction? _transaction;

    private Database(string location, SqliteConnection connection, LedgerLock? held, ICommitWatcher? commits)
    {
        Location = location;
        _connection = connection;
        _lock = held;
        _commits = commits;
    }

    /// <summary>Directory of the ledger, absolute.</summary>
    public string Location { get; }

    /// <summary>Opens, checks and migrates.</summary>
    /// <param name="options">Where.</param>
    /// <param name="schema">Schema to bring it to; the newest unless an older one is wanted for a test.</param>
    /// <exception cref="LedgerException">InUse, Damaged, NewerSchema or Unwritable.</exception>
    public static Database Open(LedgerOptions options, int? schema = null)
    {
        string directory = Path.GetFullPath(options.Directory);
        PrepareDirectory(directory);
        LedgerLock held = LedgerLock.Take(directory);
        string file = Path.Combine(directory, FileName);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        var database = new Database(directory, connection, held, options.Commits);
        try
        {
            connection.Open();
            database.Prepare(file, schema ?? Migrations.Newest);
            return database;
        }
        catch (SqliteException refused)
        {
            database.Dispose();
            throw Translate(file, refused);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file to be read, beside whoever has it open: takes no lock, checks and migrates nothing.</summary>
    /// <param name="directory">Of the ledger.</param>
    /// <exception cref="LedgerException">Damaged or Unwritable.</exception>
    public static Database OpenToRead(string directory)
    {
        string file = Path.Combine(Path.GetFullPath(directory), FileName);
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        var database = new Database(Path.GetFullPath(directory), connection, held: null, commits: null);
        try
        {
            connection.Open();
            long application = database.Scalar("pragma application_id");
            return application == ApplicationId
                ? database
                : throw new LedgerException(LedgerFault.Damaged, $"{file} is no ledger (application id {application}); choose another directory");
        }
        catch (SqliteException refused)
        {
            database.Dispose();
            throw Translate(file, refused);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Makes a change: all of it or nothing. Within another change it becomes part of that.</summary>
    /// <param name="point">Name of the change, for those who watch commits.</param>
    /// <param name="change">The change.</param>
    public T Write<T>(string point, Func<T> change)
    {
        lock (_gate)
        {
            if (_transaction is not null)
            {
                return change();
            }

            try
            {
                _transaction = _connection.BeginTransaction(deferred: false);
                T result = change();
                _commits?.BeforeCommit(point);
                _transaction.Commit();
                _commits?.AfterCommit(point);
                return result;
            }
            catch (SqliteException refused) when (refused.SqliteErrorCode != SQLitePCL.raw.SQLITE_CONSTRAINT)
            {
                throw Translate(_connection.DataSource, refused);
            }
            finally
            {
                _transaction?.Dispose();
                _transaction = null;
            }
        }
    }

    /// <summary>Makes a change without a result.</summary>
    public void Write(string point, Action change) => Write(point, () =>
    {
        change();
        return true;
    });

    /// <summary>Several queries of which none sees a change of between.</summary>
    public T Read<T>(Func<T> queries)
    {
        lock (_gate)
        {
            return queries();
        }
    }

    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (_gate)
        {
            return Command(sql, values).ExecuteNonQuery();
        }
    }

    /// <summary>Rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (_gate)
        {
            using SqliteDataReader reader = Command(sql, values).ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        }
    }

    /// <summary>One number; 0 when the query has no row or its value is null.</summary>
    public long Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        List<long> rows = Query(sql, reader => reader.IsDBNull(0) ? 0 : reader.GetInt64(0), values);
        return rows.Count > 0 ? rows[0] : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (SqliteCommand command in _prepared.Values)
            {
                command.Dispose();
            }

            _prepared.Clear();
            _connection.Dispose();
            _lock?.Dispose();
        }
    }

    private static void PrepareDirectory(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(LedgerFault.Unwritable, $"ledger directory {directory} cannot be made: {refused.Message.TrimEnd('.')}", refused);
        }
    }

    internal static LedgerException Translate(string file, SqliteException refused) => refused.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => new LedgerException(
            LedgerFault.Damaged, $"{file} is damaged ({refused.Message}); {Remedy}", refused),
        _ => new LedgerException(LedgerFault.Unwritable, $"{file} cannot be used: {refused.Message}; look at free space and permissions", refused),
    };

    private void Prepare(string file, int schema)
    {
        Pragma("foreign_keys=ON");
        Pragma("busy_timeout=2000");
        long application = Scalar("pragma application_id");
        long version = Scalar("pragma user_version");
        if (application != ApplicationId && (application != 0 || version != 0 || Scalar("select count(*) from sqlite_schema") != 0))
        {
            throw new LedgerException(LedgerFault.Damaged, $"{file} is no ledger (application id {application}); choose another directory");
        }

        if (version > schema)
        {
            throw new LedgerException(
                LedgerFault.NewerSchema, $"{file} has schema {version}, this program knows up to {schema}; use the newer program that wrote it");
        }

        Pragma("journal_mode=WAL");
        Pragma("synchronous=FULL");
        List<string> found = Query("pragma integrity_check(3)", reader => reader.GetString(0));
        if (found is not ["ok"])
        {
            throw new LedgerException(
                LedgerFault.Damaged,
                $"{file} fails its integrity check ({string.Join("; ", found)}); {Remedy}");
        }

        foreach (Migration step in Migrations.All.Where(step => step.Version > version && step.Version <= schema))
        {
            Write($"migration.{step.Version}", () =>
            {
                Pragma(string.Create(CultureInfo.InvariantCulture, $"application_id={ApplicationId}"));
                using SqliteCommand command = _connection.CreateCommand();
                command.Transaction = _transaction;
#pragma warning disable CA2100 // The text is one of this program's own migrations.
                command.CommandText = string.Create(CultureInfo.InvariantCulture, $"{step.Sql}\npragma user_version={step.Version};");
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            });
        }
    }

    private void Pragma(string setting)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.Transaction = _transaction;
#pragma warning disable CA2100 // The text is written above.
        command.CommandText = $"pragma {setting}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this room; values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            _prepared.Add(sql, command);
        }

        command.Transaction = _transaction;
        command.Parameters.Clear();
        foreach ((string name, object? value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}

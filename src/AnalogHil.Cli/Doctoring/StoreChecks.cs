using System.Globalization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;

namespace AnalogHil.Cli.Doctoring;

/// <summary>Checks of a daemon's state directory and of the store in it, also while the daemon runs.</summary>
internal static class StoreChecks
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly TimeSpan LargestClockDifference = TimeSpan.FromSeconds(5);

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> All(Machine machine)
    {
        if (!Directory.Exists(machine.State))
        {
            return [Finding.Ok("state directory", $"{machine.State} is not there yet; a daemon makes it")];
        }

        return [Rights(machine), MachineChecks.Room("room for the store", machine.State, machine), .. Store(machine)];
    }

    private static Finding Rights(Machine machine)
    {
        if (OperatingSystem.IsWindows())
        {
            return Finding.Ok("state directory", machine.State);
        }

        UnixFileMode mode = File.GetUnixFileMode(machine.State);
        string found = $"{machine.State}, mode {Convert.ToString((int)mode, 8)}";
        return (mode & Others) != UnixFileMode.None
            ? Finding.Fail("state directory", $"{found}: others can read or change what the daemon keeps", $"chmod 700 {machine.State}")
            : machine.MayUse(machine.State) ? Finding.Ok("state directory", found)
            : Finding.Fail("state directory", $"{found}: {Environment.UserName} may not use it", $"run hil as its owner, or choose another with --state");
    }

    private static IEnumerable<Finding> Store(Machine machine)
    {
        StoreInspection? store = null;
        string refusal = "";
        try
        {
            store = StoreInspection.Of(machine.State);
        }
        catch (CampaignException refused)
        {
            refusal = refused.Message;
        }

        if (refusal.Length > 0)
        {
            yield return Finding.Fail("store", refusal, "keep a copy of the state directory, and restore a backup (docs/daemon.md)");
            yield break;
        }

        if (store is null)
        {
            yield return Finding.Ok("store", $"none in {machine.State} yet; a daemon makes it");
            yield break;
        }

        yield return store.Damage.Length > 0
            ? Finding.Fail("store", $"damaged: {store.Damage}", "stop the daemon, keep a copy of the state directory, and restore a backup (docs/daemon.md)")
            : store.Schema > store.NewestSchema
            ? Finding.Fail("store", string.Create(CultureInfo.InvariantCulture,
                $"schema {store.Schema}, this program knows up to {store.NewestSchema}"), "use the newer program that wrote it")
            : store.Schema < store.NewestSchema
            ? Finding.Warn("store", string.Create(CultureInfo.InvariantCulture, $"schema {store.Schema}, this program has {store.NewestSchema}"),
                "the next start of a daemon brings it up; back it up before (docs/daemon.md)")
            : Finding.Ok("store", string.Create(CultureInfo.InvariantCulture, $"schema {store.Schema}, quick check good"));
        if (store.AuditEntries is { } entries)
        {
            yield return store.AuditProblem.Length == 0
                ? Finding.Ok("audit chain", string.Create(CultureInfo.InvariantCulture, $"{entries} entries, none altered"))
                : Finding.Fail(
                    "audit chain", store.AuditProblem,
                    "somebody or something changed the store beside the daemon; keep a copy of the state directory, and find out who can write there");
        }

        if (store.LastEntry is { } last && last - machine.Time.GetUtcNow() > LargestClockDifference)
        {
            yield return Finding.Fail(
                "clock and store", string.Create(CultureInfo.InvariantCulture,
                    $"the last entry of the store is of {last.UtcDateTime:u}, which is in the future"),
                "the clock was set back, so leases would last longer than they were granted; set it right, and keep it with NTP");
        }
    }
}

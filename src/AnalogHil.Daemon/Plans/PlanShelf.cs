using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Plans;

/// <summary>Plans that the daemon keeps, by the hash that their file carries: HASH.plan.json.</summary>
internal sealed partial class PlanShelf(StateDirectory state, ILogger<PlanShelf> log)
{
    /// <summary>What names of kept plans begin with.</summary>
    public const string Prefix = "plans/";

    private const string Extension = ".plan.json";

    // Of a normal estimate; the search gives standard errors.
    private const double NormalQuantile = 1.96;

    private readonly string _directory = state.Under("plans");

    /// <summary>Whether a text has the form of a kept plan's name: "plans/" and a hash.</summary>
    public static bool IsName(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length == Prefix.Length + 64 && name[Prefix.Length..].All(char.IsAsciiHexDigitLower);

    /// <summary>Keeps a plan.</summary>
    /// <returns>Its hash.</returns>
    /// <exception cref="CampaignException">OutputUnwritable: it cannot be kept.</exception>
    public string Keep(PlanFile plan) => Import(PlanFileJson.Serialize(plan)).Hash;

    /// <summary>Keeps a plan that was learned elsewhere.</summary>
    /// <param name="text">Its file.</param>
    /// <returns>Its hash, and whether it was there before.</returns>
    /// <exception cref="CampaignException">PlanInvalid: it is no plan, was changed after it was written, contradicts itself, or cannot be shown;
    /// OutputUnwritable: it cannot be kept.</exception>
    public (string Hash, bool WasThere) Import(string text)
    {
        string hash;
        try
        {
            PlanFile plan = PlanFileJson.Deserialize(text, "the plan");

            // Kept as it came, so that it keeps its hash. One without, as a plan that was changed on purpose, gets its own.
            text = plan.Sha256 is null ? PlanFileJson.Serialize(plan) : text;
            hash = plan.Sha256 ?? PlanFileJson.Deserialize(text, "the plan").Sha256!;

            // Before it is kept: one that cannot be shown would be there for nobody.
            _ = MessageOf(Prefix + hash, plan, DateTime.UnixEpoch, "");
        }
        catch (PlanFileException wrong)
        {
            throw new CampaignException(ErrorReason.PlanInvalid, wrong.Message, wrong) { Fields = [new FieldError("file_json", wrong.Message)] };
        }

        if (IsWhole(hash))
        {
            return (hash, true);
        }

        try
        {
            AtomicFile.Write(PathOf(hash), System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(
                ErrorReason.OutputUnwritable, $"the plan cannot be kept in {_directory}: {refused.Message.TrimEnd('.')}; make room there, or start the daemon with another --state", refused);
        }

        return (hash, false);
    }

    // A kept file that was damaged since is not there: a good copy replaces it.
    private bool IsWhole(string hash)
    {
        try
        {
            return File.Exists(PathOf(hash)) && PlanFileJson.Read(PathOf(hash)).Sha256 == hash;
        }
        catch (PlanFileException)
        {
            return false;
        }
    }

    /// <summary>Hashes of the kept plans, youngest first. Of one model those whose files can be read; the log names the others.</summary>
    /// <param name="modelSha256">Only of this model; empty: of all.</param>
    public IReadOnlyList<string> Hashes(string modelSha256) =>
    [
        .. new DirectoryInfo(_directory).EnumerateFiles("*" + Extension)
            .OrderByDescending(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => file.Name[..^Extension.Length])
            .Where(hash => modelSha256.Length == 0 || Unless(hash, Read)?.Model.Sha256 == modelSha256),
    ];

    /// <summary>A plan as it stands in a list; null where its file cannot be read or shown, which the log says.</summary>
    /// <param name="hash">Its hash.</param>
    public Plan? Listed(string hash) => Unless(hash, name => Describe(name, withFile: false));

    /// <summary>A plan by its name.</summary>
    /// <exception cref="CampaignException">NotFound, or PlanInvalid: its file was changed since.</exception>
    public PlanFile Read(string name) => Opened(name, (file, _, _) => file);

    /// <summary>A plan as clients see it.</summary>
    /// <param name="name">"plans/HASH".</param>
    /// <param name="withFile">Whether its file's text is in it.</param>
    /// <exception cref="CampaignException">NotFound, or PlanInvalid: its file was changed since, or cannot be shown.</exception>
    public Plan Describe(string name, bool withFile) =>
        Opened(name, (file, path, text) => MessageOf(name, file, File.GetLastWriteTimeUtc(path), withFile ? text : ""));

    private T Opened<T>(string name, Func<PlanFile, string, string, T> use)
    {
        string path = PathOf(IsName(name) ? name[Prefix.Length..] : "");
        if (!File.Exists(path))
        {
            throw new CampaignException(ErrorReason.NotFound, $"no plan '{name}' is kept; list them with hil plan list, or learn one with hil plan learn");
        }

        try
        {
            string text = PlanFileJson.ReadText(path);
            return use(PlanFileJson.Deserialize(text, path), path, text);
        }
        catch (PlanFileException wrong)
        {
            throw new CampaignException(ErrorReason.PlanInvalid, wrong.Message, wrong);
        }
    }

    // One bad file must not hide the others.
    private T? Unless<T>(string hash, Func<string, T> read)
        where T : class
    {
        try
        {
            return read(Prefix + hash);
        }
        catch (CampaignException unusable)
        {
            LogLeftOut(PathOf(hash), unusable.Message);
            return null;
        }
    }

    private static Plan MessageOf(string name, PlanFile file, DateTime created, string text)
    {
        try
        {
            return Shown(name, file, created, text);
        }
        catch (ArgumentException wrong)
        {
            throw new PlanFileException($"{name}: its figures cannot be shown: {wrong.Message.TrimEnd('.')}; write the plan anew with hil plan learn", wrong);
        }
    }

    private static Plan Shown(string name, PlanFile file, DateTime created, string text)
    {
        var plan = new Plan
        {
            Name = name,
            Created = Timestamp.FromDateTime(created),
            ModelSha256 = file.Model.Sha256,
            Method = file.Method.Name,
            Granularity = file.Granularity,
            Energy = Bounded(file.Energy.PerMac, file.Energy.Low, file.Energy.High, file.Noise.EnergyUnit, file.Data.SearchImages, file.Energy.Level),
            Ratio = Bounded(file.Energy.Ratio, file.Energy.RatioLow, file.Energy.RatioHigh, "1", file.Data.SearchImages, file.Energy.Level),
            PredictedDrop = DropOf(file),
            FileJson = text,
        };
        if (file.Certificate is { } certificate)
        {
            plan.Certificate = certificate.Verdict switch { "ACCEPT" => V1.Verdict.Accept, "REJECT" => V1.Verdict.Reject, _ => V1.Verdict.Inconclusive };
            plan.CertificateReason = certificate.Reason;
        }

        plan.Layers.AddRange(file.Layers.Select(layer => new PlanEntry
        {
            Name = layer.Name, DotLength = layer.DotLength, Macs = layer.Macs, Energy = layer.MeanEnergy(), Repeats = { layer.Repeats ?? [] },
        }));
        return plan;
    }

    private string PathOf(string hash) => Path.Combine(_directory, hash + Extension);

    private static V1.Estimate DropOf(PlanFile file)
    {
        double drop = 100 * file.Prediction.Drop;
        double half = 100 * NormalQuantile * file.Prediction.DropStandardError;
        return Bounded(drop, drop - half, drop + half, "percentage points", file.Data.SearchImages, 0.95)!;
    }

    private static V1.Estimate? Bounded(double value, double? low, double? high, string unit, long n, double level) => low is { } from
        ? new Core.Statistics.Estimate(value, new Interval(from, high ?? double.PositiveInfinity), unit, n, level).ToMessage()
        : null;

    [LoggerMessage(1, LogLevel.Warning, "{File} is left out of the list of plans: {Why}")]
    private partial void LogLeftOut(string file, string why);
}

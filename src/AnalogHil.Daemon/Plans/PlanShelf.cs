using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Plans;

/// <summary>Plans that the daemon keeps, by the hash that their file carries: HASH.plan.json.</summary>
internal sealed class PlanShelf(StateDirectory state)
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
    /// <exception cref="CampaignException">PlanInvalid: it is no plan, was changed after it was written, or contradicts itself; OutputUnwritable: it cannot be
    /// kept.</exception>
    public (string Hash, bool WasThere) Import(string text)
    {
        string hash;
        try
        {
            PlanFile plan = PlanFileJson.Deserialize(text, "the plan");

            // Kept as it came, so that it keeps its hash. One without, as a plan that was changed on purpose, gets its own.
            text = plan.Sha256 is null ? PlanFileJson.Serialize(plan) : text;
            hash = plan.Sha256 ?? PlanFileJson.Deserialize(text, "the plan").Sha256!;
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

    /// <summary>Hashes of the kept plans, youngest first.</summary>
    /// <param name="modelSha256">Only of this model; empty: of all.</param>
    public IReadOnlyList<string> Hashes(string modelSha256) =>
    [
        .. new DirectoryInfo(_directory).EnumerateFiles("*" + Extension)
            .OrderByDescending(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => file.Name[..^Extension.Length])
            .Where(hash => modelSha256.Length == 0 || Read(Prefix + hash).Model.Sha256 == modelSha256),
    ];

    /// <summary>A plan by its name.</summary>
    /// <exception cref="CampaignException">NotFound, or PlanInvalid: its file was changed since.</exception>
    public PlanFile Read(string name)
    {
        string hash = IsName(name) ? name[Prefix.Length..] : "";
        if (!File.Exists(PathOf(hash)))
        {
            throw new CampaignException(ErrorReason.NotFound, $"no plan '{name}' is kept; list them with hil plan list, or learn one with hil plan learn");
        }

        try
        {
            return PlanFileJson.Read(PathOf(hash));
        }
        catch (PlanFileException wrong)
        {
            throw new CampaignException(ErrorReason.PlanInvalid, wrong.Message, wrong);
        }
    }

    /// <summary>A plan as clients see it.</summary>
    /// <param name="name">"plans/HASH".</param>
    /// <param name="withFile">Whether its file's text is in it.</param>
    public Plan Describe(string name, bool withFile)
    {
        PlanFile file = Read(name);
        string path = PathOf(file.Sha256!);
        var plan = new Plan
        {
            Name = name,
            Created = Timestamp.FromDateTime(File.GetLastWriteTimeUtc(path)),
            ModelSha256 = file.Model.Sha256,
            Method = file.Method.Name,
            Granularity = file.Granularity,
            Energy = Bounded(file.Energy.PerMac, file.Energy.Low, file.Energy.High, "reads per MAC", file.Data.SearchImages, file.Energy.Level),
            Ratio = Bounded(file.Energy.Ratio, file.Energy.RatioLow, file.Energy.RatioHigh, "1", file.Data.SearchImages, file.Energy.Level),
            PredictedDrop = DropOf(file),
            FileJson = withFile ? File.ReadAllText(path) : "",
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
}

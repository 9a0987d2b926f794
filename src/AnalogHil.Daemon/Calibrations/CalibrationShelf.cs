using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Reports.Calibrations;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Calibrations;
using AnalogHil.V1;
using CalibrationFigure = AnalogHil.Ledger.Calibrations.CalibrationFigure;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>The calibrations that are kept, as documents: which is in use, what came before, how figures moved.</summary>
/// <param name="store">Where they are kept.</param>
public sealed class CalibrationShelf(ICalibrationStore store)
{
    // A trend is read by a person.
    private const int MostOfHistory = 200;

    /// <summary>Keeps a finished calibration.</summary>
    /// <exception cref="CampaignException">There is another one of its id.</exception>
    public CalibrationEntry Add(CalibrationDocument document) => Guarded(() => store.Add(new CalibrationEntry
    {
        Id = document.Id,
        DeviceUid = document.Device.Uid,
        Bench = document.BenchFile,
        Firmware = document.Device.Firmware,
        Method = document.Tier,
        CodeVersion = document.Program,
        Seed = document.Seed,
        RawDataHash = document.ReadsSha256,
        Document = DocumentFile.Serialize(document),
        MadeBy = document.MadeBy,
        ValidFrom = document.Finished,
        ValidUntil = document.ValidUntil > document.Finished ? document.ValidUntil : document.Finished + TimeSpan.FromSeconds(1),
        Figures =
        [
            .. document.Figures().Where(figure => double.IsFinite(figure.Value.Interval.Low)
                && double.IsFinite(figure.Value.Interval.High)).Select(figure => new CalibrationFigure(
                figure.Name, figure.Value.Value, figure.Value.Unit, figure.Value.Interval.Low, figure.Value.Interval.High, figure.Value.Level,
                    figure.Value.N, MethodOf(document, figure))),
        ],
    }));

    /// <summary>A calibration by its id, or by the part of it after the slash.</summary>
    /// <exception cref="CampaignException">There is none.</exception>
    public CalibrationEntry Find(string id) =>
        store.Find(id) ?? store.Find("calibrations/" + id) ?? throw new CampaignException(ErrorReason.NotFound,
            $"no calibration '{id}'; list them with: hil calibrate history");

    /// <summary>The document of an entry.</summary>
    public static CalibrationDocument DocumentOf(CalibrationEntry entry) => DocumentFile.Deserialize(entry.Document, entry.Id);

    /// <summary>The calibration in use of a device; null when there is none, or it cannot be read by this program.</summary>
    public CalibrationDocument? ActiveOf(string deviceUid) => store.Active(deviceUid) is { } entry ? DocumentOf(entry) : null;

    /// <summary>Calibrations, youngest first.</summary>
    /// <param name="deviceUid">Of this device; null for all.</param>
    /// <param name="before">Only those before the one of this id; null for the youngest.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<CalibrationEntry> History(string? deviceUid, string? before = null, int most = MostOfHistory) =>
        store.List(deviceUid, before, most);

    /// <summary>The same for a list, with their standing at a time.</summary>
    public IReadOnlyList<CalibrationSummary> Summaries(string? deviceUid, DateTimeOffset now) =>
    [
        .. History(deviceUid).Select(entry => new CalibrationSummary(
            entry.Id, entry.DeviceUid, entry.ValidFrom, entry.MadeBy, Standing(entry, ActiveId(entry.DeviceUid), now), [.. entry.Figures.Select(Named)])),
    ];

    /// <summary>Id of the calibration in use of a device; null for none.</summary>
    public string? ActiveId(string deviceUid) => store.Active(deviceUid)?.Id;

    /// <summary>Puts a calibration in use.</summary>
    /// <exception cref="CampaignException">There is none, or it is bad or expired.</exception>
    public CalibrationEntry Activate(string id, string by) => Guarded(() => store.Activate(Find(id).Id, by));

    /// <summary>Goes back to the youngest usable calibration before the one in use.</summary>
    /// <exception cref="CampaignException">There is none.</exception>
    public CalibrationEntry Rollback(string deviceUid, string by, string why) => Guarded(() => store.Rollback(deviceUid, by, why));

    /// <summary>Marks a calibration bad; it is never used again.</summary>
    /// <exception cref="CampaignException">There is none.</exception>
    public CalibrationEntry MarkBad(string id, string by, string why) => Guarded(() => store.MarkBad(Find(id).Id, by, why));

    /// <summary>How the figures of a device moved: those of its history, oldest first.</summary>
    public IReadOnlyList<TrendPoint> Trend(string deviceUid) =>
    [
        .. History(deviceUid).Reverse().SelectMany(entry => entry.Figures.Select(figure => new TrendPoint(entry.ValidFrom, entry.Id, Named(figure),
            entry.Bad is not null))),
    ];

    private static NamedFigure Named(CalibrationFigure figure) =>
        new(figure.Name, new Core.Statistics.Estimate(figure.Value, new Core.Statistics.Interval(figure.Low, figure.High), figure.Unit, figure.N,
            figure.Level));

    private static string Standing(CalibrationEntry entry, string? active, DateTimeOffset now) =>
        entry.Bad is { } mark ? $"bad: {mark.Why} ({mark.Who}, {mark.When:u})"
        : entry.Id == active ? now >= entry.ValidUntil ? $"in use, EXPIRED {entry.ValidUntil:u}" : $"in use until {entry.ValidUntil:u}"
        : now >= entry.ValidUntil ? "expired"
        : entry.SupersededBy is not null ? "superseded"
        : "valid, not in use";

    private static string MethodOf(CalibrationDocument document, NamedFigure figure) =>
        document.Ordered().First(result => result.Figures.Contains(figure)).Routine;

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LedgerException refused)
        {
            throw new CampaignException(ReasonOf(refused.Fault), refused.Message, refused);
        }
    }
    // What is refused here is not the request: the same one succeeds once a calibration is there that may be used.
    private static ErrorReason ReasonOf(LedgerFault fault) => fault switch
    {
        LedgerFault.NotFound => ErrorReason.NotFound,
        LedgerFault.Conflict => ErrorReason.CalibrationFailed,
        LedgerFault.Unwritable => ErrorReason.OutputUnwritable,
        _ => ErrorReason.Internal,
    };
}

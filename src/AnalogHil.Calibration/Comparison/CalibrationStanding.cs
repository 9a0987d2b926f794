namespace AnalogHil.Calibration.Comparison;

/// <summary>What is known about a stored calibration beside its figures. Data and rules only: every change gives a new standing.</summary>
/// <param name="Id">Of the calibration.</param>
/// <param name="Device">Uid of the device.</param>
/// <param name="Made">When it was finished.</param>
/// <param name="ValidFor">How long it holds; above 0.</param>
public sealed record CalibrationStanding(string Id, string Device, DateTimeOffset Made, TimeSpan ValidFor)
{
    /// <summary>Null, or who marked it bad and why.</summary>
    public BadMark? Bad { get; init; }

    /// <summary>Null, or the calibration that took its place.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>When it ends to hold.</summary>
    public DateTimeOffset Expires => Made + ValidFor;

    /// <summary>State at a time. A bad mark counts before a successor, a successor before age.</summary>
    public CalibrationStatus StatusAt(DateTimeOffset now) =>
        Bad is not null ? CalibrationStatus.Bad
        : SupersededBy is not null ? CalibrationStatus.Superseded
        : now >= Expires ? CalibrationStatus.Expired
        : CalibrationStatus.Valid;

    /// <summary>Null when the calibration may be used at that time, else why not and what to do.</summary>
    public string? RefusalAt(DateTimeOffset now) => StatusAt(now) switch
    {
        CalibrationStatus.Bad => $"calibration {Id} was marked bad by {Bad!.Who} on {Bad.When:u}: {Bad.Why}; calibrate again or go back to an earlier one",
        CalibrationStatus.Superseded => $"calibration {Id} was superseded by {SupersededBy}; use that one",
        CalibrationStatus.Expired => $"calibration {Id} expired on {Expires:u}, {ValidFor} after it was made; run its checks or calibrate again",
        _ => null,
    };

    /// <summary>Marks it bad. The first mark stays: a second says nothing new about figures already not in use.</summary>
    /// <exception cref="ArgumentException">No name or no reason.</exception>
    public CalibrationStanding MarkBad(string who, string why, DateTimeOffset when) =>
        string.IsNullOrWhiteSpace(who) || string.IsNullOrWhiteSpace(why)
            ? throw new ArgumentException($"marking {Id} bad takes who (\"{who}\") and why (\"{why}\")", nameof(who))
            : Bad is null ? this with { Bad = new BadMark(who, why, when) } : this;

    /// <summary>Puts a later calibration of the same device in its place.</summary>
    /// <exception cref="ArgumentException">Another device, an older calibration, itself, or one marked bad.</exception>
    public CalibrationStanding Supersede(CalibrationStanding successor) =>
        successor.Device != Device || successor.Made <= Made || successor.Id == Id || successor.Bad is not null
            ? throw new ArgumentException(
                $"{successor.Id} ({successor.Device}, {successor.Made:u}{(successor.Bad is null ? "" : ", bad")}) cannot follow {Id} ({Device}, {Made:u}); "
                    + "a successor is a later good calibration of the same device", nameof(successor))
            : this with { SupersededBy = successor.Id };

    /// <summary>The newest of them that may be used at a time: what a rollback goes to when the one in use is marked bad. Superseded ones count here, bad and
    /// expired ones do not.</summary>
    /// <param name="all">Standings of one device.</param>
    /// <param name="now">Time.</param>
    public static CalibrationStanding? LatestUsable(IEnumerable<CalibrationStanding> all, DateTimeOffset now) =>
        all.Where(standing => standing.Bad is null && now < standing.Expires).MaxBy(standing => standing.Made);
}

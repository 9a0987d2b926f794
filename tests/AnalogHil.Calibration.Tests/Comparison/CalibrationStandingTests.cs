using AnalogHil.Calibration.Comparison;

namespace AnalogHil.Calibration.Tests.Comparison;

public sealed class CalibrationStandingTests
{
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CalibrationStanding First = new("c1", "dev", Made, TimeSpan.FromDays(7));

    [Fact]
    public void StatusAt_AgeSuccessorAndBadMark_CountInThisOrder()
    {
        CalibrationStanding second = First with { Id = "c2", Made = Made.AddDays(1) };
        Assert.Equal(CalibrationStatus.Valid, First.StatusAt(Made.AddDays(7).AddTicks(-1)));
        Assert.Equal(CalibrationStatus.Expired, First.StatusAt(Made.AddDays(7)));
        Assert.Equal(CalibrationStatus.Superseded, First.Supersede(second).StatusAt(Made.AddDays(30)));
        CalibrationStanding bad = First.Supersede(second).MarkBad("ada", "lamp was off", Made.AddDays(2)).MarkBad("bob", "other", Made.AddDays(3));
        Assert.Equal(CalibrationStatus.Bad, bad.StatusAt(Made.AddDays(30)));
        Assert.Contains("marked bad by ada", bad.RefusalAt(Made), StringComparison.Ordinal);
        Assert.Null(First.RefusalAt(Made));
    }

    [Fact]
    public void Supersede_OlderOrBadOrForeign_IsRefused()
    {
        CalibrationStanding second = First with { Id = "c2", Made = Made.AddDays(1) };
        Assert.Throws<ArgumentException>(() => second.Supersede(First));
        Assert.Throws<ArgumentException>(() => First.Supersede(second with { Device = "other" }));
        Assert.Throws<ArgumentException>(() => First.Supersede(second.MarkBad("ada", "wrong", Made)));
        Assert.Throws<ArgumentException>(() => First.MarkBad(" ", "why", Made));
    }

    [Fact]
    public void LatestUsable_NewestIsBad_FallsBackToTheOneBefore()
    {
        CalibrationStanding second = First with { Id = "c2", Made = Made.AddDays(1) };
        CalibrationStanding[] all = [First.Supersede(second), second.MarkBad("ada", "wrong", Made.AddDays(2))];
        Assert.Equal("c1", CalibrationStanding.LatestUsable(all, Made.AddDays(3))!.Id);
        Assert.Null(CalibrationStanding.LatestUsable(all, Made.AddDays(8)));
    }
}

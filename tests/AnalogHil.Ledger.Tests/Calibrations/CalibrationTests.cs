using AnalogHil.Ledger.Calibrations;
using AnalogHil.Ledger.Records;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Calibrations;

public sealed class CalibrationTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    private ICalibrationStore Calibrations => _folder.Store.Calibrations;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Add_ThenRestart_ComesBackWhole()
    {
        CalibrationEntry entry = Entry("c1");
        Calibrations.Add(entry, new ArrayEntry("map", [2, 2], new float[] { 1, 2, 3, 4 }));
        _folder.Reopen();

        CalibrationEntry found = Calibrations.Find("c1")!;

        Assert.Equal(entry with { Figures = found.Figures }, found);
        Assert.Equal(entry.Figures.ToArray(), found.Figures.ToArray());
        Assert.Equal([1, 2, 3, 4], Assert.Single(Calibrations.Arrays("c1")).Values.ToArray());
    }

    [Fact]
    public void Add_SameAgain_IsOne_AndAnotherOfItsId_IsAConflict()
    {
        Calibrations.Add(Entry("c1"));
        Calibrations.Add(Entry("c1"));

        Assert.Single(Calibrations.List());
        Assert.Equal(LedgerFault.Conflict, Assert.Throws<LedgerException>(() => Calibrations.Add(Entry("c1") with { RawDataHash = "ff" })).Fault);
    }

    [Fact]
    public void Activate_ALaterOne_SupersedesTheEarlier()
    {
        AddThree();
        Calibrations.Activate("c1", "uid:1");
        Calibrations.Activate("c2", "uid:1");

        Assert.Equal("c2", Calibrations.Active("dev")!.Id);
        Assert.Equal("c2", Calibrations.Find("c1")!.SupersededBy);
    }

    [Fact]
    public void Rollback_SkipsWhatIsBad()
    {
        AddThree();
        Calibrations.Activate("c1", "uid:1");
        Calibrations.Activate("c2", "uid:1");
        Calibrations.Activate("c3", "uid:1");
        Calibrations.MarkBad("c2", "uid:2", "lamp was off");

        CalibrationEntry now = Calibrations.Rollback("dev", "uid:1", "accuracy fell");

        Assert.Equal(("c1", null), (now.Id, now.SupersededBy));
        Assert.Equal("c1", Calibrations.Active("dev")!.Id);
        Assert.Equal(LedgerFault.NotFound, Assert.Throws<LedgerException>(() => Calibrations.Rollback("dev", "uid:1", "again")).Fault);
    }

    [Fact]
    public void MarkBad_TheOneInUse_LeavesNoneInUse_AndTheFirstMarkStays()
    {
        AddThree();
        Calibrations.Activate("c1", "uid:1");
        Calibrations.MarkBad("c1", "uid:2", "lamp was off");
        Calibrations.MarkBad("c1", "uid:3", "I agree");

        Assert.Null(Calibrations.Active("dev"));
        Assert.Equal("uid:2", Calibrations.Find("c1")!.Bad!.Who);
        Assert.Equal(LedgerFault.Conflict, Assert.Throws<LedgerException>(() => Calibrations.Activate("c1", "uid:1")).Fault);
    }

    [Fact]
    public void Activate_Expired_IsRefused()
    {
        Calibrations.Add(Entry("c1"));
        _folder.Clock.Jump(TimeSpan.FromDays(31));

        LedgerException refused = Assert.Throws<LedgerException>(() => Calibrations.Activate("c1", "uid:1"));
        Assert.Contains("expired", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_Pages_YoungestFirst()
    {
        AddThree();

        Assert.Equal(["c3", "c2"], Calibrations.List("dev", most: 2).Select(entry => entry.Id));
        Assert.Equal(["c1"], Calibrations.List("dev", before: "c2").Select(entry => entry.Id));
        Assert.Empty(Calibrations.List("another"));
    }

    private void AddThree()
    {
        for (int i = 1; i <= 3; i++)
        {
            DateTimeOffset from = _folder.Clock.GetUtcNow() + TimeSpan.FromMinutes(i);
            Calibrations.Add(Entry($"c{i}") with { ValidFrom = from, ValidUntil = from + TimeSpan.FromDays(30) });
        }
    }

    private CalibrationEntry Entry(string id) => new()
    {
        Id = id,
        DeviceUid = "dev",
        Bench = "crossbar",
        Firmware = "1.2.3",
        TemperatureKelvin = 296.5,
        Method = "lumped",
        CodeVersion = "0.1.0+abc",
        Seed = ulong.MaxValue - 3,
        RawDataHash = "00ff",
        Document = """{"sigma": 0.05}""",
        MadeBy = "uid:1",
        ValidFrom = _folder.Clock.GetUtcNow(),
        ValidUntil = _folder.Clock.GetUtcNow() + TimeSpan.FromDays(30),
        Figures =
        [
            new CalibrationFigure("sigma.thermal", 0.05, "1", 0.048, 0.052, 0.95, 808, "lumped"),
            new CalibrationFigure("temperature", 296.5, "K", 296, 297, 0.95, 3, "telemetry"),
        ],
    };
}

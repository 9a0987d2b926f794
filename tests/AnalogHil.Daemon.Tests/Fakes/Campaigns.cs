using AnalogHil.Calibration.Archive;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>Campaigns for tests of everything around the steps.</summary>
internal static class Campaigns
{
    public static CampaignRequest Request(string output = "/nowhere", bool resume = false) =>
        new("/benches/a.json", "/models/net.onnx", "/data/images", 2, 1, output, resume, 0);

    public static Fingerprint Fingerprint(ulong seed = 1) => new("b0", "a0", "d0", seed, 2, 0, 5, "0.1.0");

    public static CampaignState State(FakeDevice? device = null, bool resume = false, string output = "/nowhere", IBench? bench = null) => new()
    {
        Request = Request(output, resume),
        Inputs = new CampaignInputs(bench!, null!, null!, null!, Fingerprint()),
        Checkpoints = new CheckpointStore(output, Fingerprint()),
        Archive = new DiscardingArchive(),
        Started = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        Device = device,
    };
}

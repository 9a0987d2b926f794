using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Tests.Acquisition;

public sealed class AcquirerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reads").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Corners_AnyDevice_HaveTheNormsTheyName(bool bipolar)
    {
        DeviceCapabilities device = FakeCapabilities.Small(bipolar ? NoiseTerm.ShotBalanced : NoiseTerm.ShotDirect);
        IReadOnlyList<ProbePattern> corners = ProbePattern.Corners(device);
        Assert.Equal(["dark", "part", "input", "weight", "full", "product"], corners.Select(corner => corner.Name));
        foreach (ProbePattern corner in corners)
        {
            for (int c = 0; c < device.Columns; c++)
            {
                float[] column = [.. Enumerable.Range(0, device.Rows).Select(row => corner.Weights[row * device.Columns + c])];
                Assert.Equal(corner.Conditions, AnalogHil.Calibration.Mix.ProbeConditions.Of(corner.Inputs, column));
            }
        }

        Assert.Equal(0, corners[4].Conditions.Product);
        Assert.Equal(8, corners[5].Conditions.Product);
        Assert.Equal(corners[4].Conditions.WeightSquares, corners[5].Conditions.WeightSquares);
    }

    [Fact]
    public async Task RunAsync_StoppedAtAnyRead_GoesOnThere()
    {
        GaussianDevice device = Open(1);
        PlannedSeries[] plan = Plan(device);
        FolderReadArchive first = FolderReadArchive.Open(_folder, await OriginAsync(device));
        device.BeforeExecute = call =>
        {
            if (call == 3)
            {
                throw new DeviceException(DeviceFault.Disconnected, "gone");
            }
        };
        await Assert.ThrowsAsync<DeviceException>(() => new Acquirer(device, new AcquisitionOptions { VectorsPerCall = 32 }, first).RunAsync(plan, null, default));

        device.BeforeExecute = null;
        FolderReadArchive again = FolderReadArchive.Open(_folder, await OriginAsync(device));
        Assert.Equal(64, again.VectorsOf("dark", 0));
        Assert.Equal(32, again.VectorsOf("dark", 1));
        var rest = new Acquirer(device, new AcquisitionOptions { VectorsPerCall = 32 }, again);
        Assert.Empty(await rest.RunAsync(plan, again.VectorsOf, default));
        Assert.Equal((4 * 64 - 96) * device.Capabilities.Columns, rest.Reads);
        ArchivedReads reads = FolderReadArchive.Load(_folder);
        Assert.All(reads.Series, series => Assert.Equal(128, series.Segments.Sum(segment => segment.Vectors)));
    }

    [Fact]
    public async Task RunAsync_OneTileNeverAnswers_IsNamedAndTheOtherIsRead()
    {
        GaussianDevice device = Open(2);
        var archive = new RecordingArchive(await OriginAsync(device));
        int failing = 0;
        device.OnReply = (reply, outputs) =>
        {
            // Every other call in a round of two tiles belongs to tile 1; its link is broken.
            failing++;
            return device.SingleReads.GetValueOrDefault(1) > 0 ? reply with { Checksum = reply.Checksum ^ 1 } : reply;
        };
        IReadOnlyList<TileFault> faults = await new Acquirer(device, new AcquisitionOptions(), archive).RunAsync([Plan(device)[0]], null, default);
        TileFault fault = Assert.Single(faults);
        Assert.Equal((1, "dark", 64, DeviceFault.CorruptReply), (fault.Tile, fault.Series, fault.VectorsMissing, fault.Fault));
        Assert.Equal([0], archive.Reads()["dark"].Segments.Select(segment => segment.Tile));
        Assert.Equal(5, failing);
    }

    private static GaussianDevice Open(int seed) => new(
        FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight), new GaussianTruth { Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.Weight] = 0.06 } }, seed);

    private static PlannedSeries[] Plan(GaussianDevice device) =>
        [.. ProbePattern.Corners(device.Capabilities).Where(pattern => pattern.Name is "dark" or "input").Select(pattern => new PlannedSeries(pattern, [0, 1], 64))];

    private static Task<ArchiveProvenance> OriginAsync(GaussianDevice device) =>
        ArchiveProvenance.OfAsync(device, "mix", TimeProvider.System, default);
}

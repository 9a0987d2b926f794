using System.Security.Cryptography;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Steps;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Calibrations;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Mapping;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Campaign;

/// <summary>The noise of a campaign, read back for planning without its device.</summary>
public sealed class RecordedNoiseTests : IDisposable
{
    private readonly SmallBench _bench = new();

    [Fact]
    public async Task ReadAsync_CampaignOnHardware_TakesWhatTheDeviceDeclaredAndOpensNothing()
    {
        DeviceCapabilities declared = await DeclaredAsync();
        Write(Hardware(), declared);

        RecordedNoise noise = await ReadAsync();

        Assert.Equal((declared.Tiles, declared.Rows, declared.Columns), (noise.Network.Capabilities.Tiles, noise.Network.Capabilities.Rows, noise.Network.Capabilities.Columns));
        Assert.Equal(declared.MaxRepeats[noise.Mode], noise.MaxRepeats);
        Assert.Equal(declared.FullScale, noise.Network.Capabilities.FullScale);
        Assert.Equal(declared.PossibleNoise, noise.Network.Capabilities.PossibleNoise.AsEnumerable());
        Assert.Equal(declared.SettlingTime, noise.Network.Capabilities.SettlingTime);
    }

    [Fact]
    public async Task ReadAsync_HardwareCalibratedByAnEarlierVersion_SaysToCalibrateAgain()
    {
        Write(Hardware(), declared: null);

        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => ReadAsync());

        Assert.Equal(ErrorReason.NotFound, refused.Reason);
        Assert.Contains("calibrate again with this version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SimulationCalibratedByAnEarlierVersion_AsksTheSimulation()
    {
        Write(_bench.File_, declared: null);
        RecordedNoise asked = await ReadAsync();
        Write(_bench.File_, await DeclaredAsync());
        RecordedNoise kept = await ReadAsync();

        Assert.Equal(asked.Network.Scales.Select(scale => scale.ToString()), kept.Network.Scales.Select(scale => scale.ToString()));
        Assert.Equal((asked.Mode, asked.MaxRepeats), (kept.Mode, kept.MaxRepeats));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadAsync_BenchFileChanged_IsRefusedWithBothHashes(bool kept)
    {
        Write(_bench.File_, kept ? await DeclaredAsync() : null);
        _bench.Write(3);

        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => ReadAsync());

        Assert.Equal(ErrorReason.BenchInvalid, refused.Reason);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_bench.File_))), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_BenchFileIsGone_NeedsItOnlyForWhatWasNotKept()
    {
        Write(_bench.File_, await DeclaredAsync());
        File.Delete(_bench.File_);

        Assert.True((await ReadAsync()).MaxRepeats > 0);
    }

    [Fact]
    public async Task ReadAsync_ReportIsThere_NamesTheHashOfItsBytes()
    {
        Write(_bench.File_, await DeclaredAsync());
        string report = Path.Combine(_bench["record"], "report.json");

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(report))), (await ReadAsync()).Provenance.RecordSha256);
    }

    [Fact]
    public async Task ReadAsync_ReportIsMissing_SaysWhichDirectoryIsNeeded()
    {
        Write(_bench.File_, await DeclaredAsync());
        File.Delete(Path.Combine(_bench["record"], "report.json"));

        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => ReadAsync());

        Assert.Equal(ErrorReason.NotFound, refused.Reason);
        Assert.Contains("holds no report.json; give the directory that hil run --out wrote", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public async Task ReadAsync_ReportIsDamaged_SaysWhichAndWhatToDo(string text)
    {
        Write(_bench.File_, await DeclaredAsync());
        File.WriteAllText(Path.Combine(_bench["record"], "report.json"), text);

        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => ReadAsync());

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.StartsWith(_bench["record"], refused.Message, StringComparison.Ordinal);
        Assert.Contains("hil run", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_ReportMayNotBeRead_SaysSo()
    {
        Write(_bench.File_, await DeclaredAsync());
        string report = Path.Combine(_bench["record"], "report.json");
        File.Delete(report);
        File.CreateSymbolicLink(report, CheckpointStoreTests.WriteOnly);

        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => ReadAsync());

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.Contains($"{report} cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("permit reading it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CalibrateStep_Calibrated_KeepsWhatTheDeviceDeclares()
    {
        Write(_bench.File_, declared: null);
        await using IAnalogDevice device = await Devices.Benches.Bench.Load(_bench.File_).OpenAsync(TimeProvider.System);
        CampaignState opened = Campaigns.State(output: _bench["calibrated"]);
        opened.Device = device;
        opened.Identity = await device.IdentifyAsync(CancellationToken.None);
        opened.Map = TileMapper.Map(NetworkOnDevice.Shapes(Network()), device.Capabilities);
        await device.ArmAsync(1, CancellationToken.None);

        await new CalibrateStep(TimeProvider.System).RunAsync(opened, new SilentObserver(), CancellationToken.None);

        DeviceCapabilities kept = CheckpointStore.Peek<KeptCalibration>(_bench["calibrated"], CampaignPhase.Calibrate)!.Capabilities!;
        Assert.Equal(device.Capabilities.MaxRepeats.OrderBy(entry => entry.Key), kept.MaxRepeats.OrderBy(entry => entry.Key));
        Assert.Equal(device.Capabilities.AdcFullScale, kept.AdcFullScale);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>A device behind a port that this machine does not have.</summary>
    private string Hardware()
    {
        string file = _bench["benches/hardware.json"];
        File.WriteAllText(file, """
            { "driver": "serial", "name": "hardware", "description": "not here", "architecture": "crossbar", "serial": { "port": "/dev/analoghil-nowhere", "baud": 115200 } }
            """);
        return file;
    }

    private async Task<DeviceCapabilities> DeclaredAsync()
    {
        await using IAnalogDevice device = await Devices.Benches.Bench.Load(_bench.File_).OpenAsync(TimeProvider.System);
        return device.Capabilities;
    }

    private void Write(string bench, DeviceCapabilities? declared) => SmallCampaign.Write(
        _bench["record"], bench, new KeptCalibration("XB-7", "boot-3", CheckpointStoreTests.Calibration(), null, declared), 60, 16, 16);

    private OnnxNetwork Network() => OnnxNetwork.Load(RecordedNoise.RequestOf(_bench["record"]).ModelFile);

    private Task<RecordedNoise> ReadAsync()
    {
        OnnxNetwork network = Network();
        string data = RecordedNoise.RequestOf(_bench["record"]).DataDirectory;
        LabelledImages images = ImageSets.Open(data, Preprocessing.ForModel(Path.Combine(data, "net.onnx"), network.Sha256, data), ImageSplit.Calibration, network.Classes, 100);
        return RecordedNoise.ReadAsync(_bench["record"], network, images, TimeProvider.System, CancellationToken.None);
    }
}

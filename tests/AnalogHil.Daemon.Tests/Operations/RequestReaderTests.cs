using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Models;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Operations;

public sealed class RequestReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RequestReader _reader;

    public RequestReaderTests()
    {
        File.WriteAllText(_directory["small.json"], "{}");
        var options = new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = _directory.Location, StateDirectory = _directory["state"] };
        _reader = new RequestReader(new BenchDirectory(options, new BenchLedger()), new ModelShelf(new StateDirectory(options), TimeProvider.System));
    }

    [Fact]
    public void Read_OnlyWhatIsRequired_GetsTheUsualTargetAndSeed()
    {
        CampaignRequest request = _reader.Read(Good());

        Assert.Equal(
            new CampaignRequest(_directory["small.json"], "/m.onnx", "/images", 2, 1, _directory["out"], false, 0), request);
    }

    [Fact]
    public void Read_SeedZero_IsASeed()
    {
        RunRequest asked = Good();
        asked.Seed = 0;

        Assert.Equal(0UL, _reader.Read(asked).Seed);
    }

    [Fact]
    public void Read_SigmaHalfWidth_IsPassedOn()
    {
        RunRequest asked = Good();
        asked.SigmaHalfWidthPercent = 1.5;

        Assert.Equal(1.5, _reader.Read(asked).SigmaHalfWidthPercent);
    }

    [Fact]
    public void Read_Corrected_IsPassedOnAndNotTheSameCampaignWithout()
    {
        RunRequest asked = Good();
        asked.Corrected = true;
        CampaignRequest read = _reader.Read(asked);
        Assert.True(read.Corrected);
        Assert.False(_reader.Read(Good()).Corrected);
        Assert.True(CampaignRequests.Of(CampaignRequests.ToMessage(read, asked)).Corrected);
        CampaignException other = Assert.Throws<CampaignException>(() => SavedRequest.RequireSame(read, read with { Corrected = false }));
        Assert.Contains("digital correction was learned, is now none", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralBadFields_NamesThemAll()
    {
        CampaignException refused = Assert.Throws<CampaignException>(() => _reader.Read(new RunRequest
        {
            Model = "m.onnx",
            Data = "/images",
            OutputDirectory = "out",
            MaxDropPoints = double.NaN,
            MaxImages = 10,
            SigmaHalfWidthPercent = 0.1,
        }));

        Assert.Equal(ErrorReason.RequestInvalid, refused.Reason);
        Assert.Equal(["output_directory", "bench", "model", "max_drop_points", "max_images", "sigma_half_width_percent"], refused.Fields.Select(field => field.Path));
    }

    [Fact]
    public void Read_DirectoryHoldsSomething_IsRefused()
    {
        RunRequest asked = Good();
        asked.OutputDirectory = _directory.Location;

        CampaignException refused = Assert.Throws<CampaignException>(() => _reader.Read(asked));

        Assert.Contains("is not empty", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("../small")]
    public void Read_NoSuchBench_ListsThoseThereAre(string bench)
    {
        RunRequest asked = Good();
        asked.Bench = bench;

        CampaignException refused = Assert.Throws<CampaignException>(() => _reader.Read(asked));

        Assert.Equal(ErrorReason.NotFound, refused.Reason);
        Assert.Contains("has small", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ResumeWithNothingElse_TakesTheEarlierRequest()
    {
        CampaignRequest earlier = Begin() with { Seed = 9, MaxDropPoints = 1.5 };
        SavedRequest.Write(earlier);

        CampaignRequest request = _reader.Read(new RunRequest { OutputDirectory = earlier.OutputDirectory, Resume = true });

        Assert.Equal(earlier with { Resume = true }, request);
    }

    [Fact]
    public void Read_ResumeWithAnotherSeed_SaysWhyNot()
    {
        CampaignRequest earlier = Begin();
        SavedRequest.Write(earlier);

        CampaignException refused = Assert.Throws<CampaignException>(
            () => _reader.Read(new RunRequest { OutputDirectory = earlier.OutputDirectory, Resume = true, Seed = 5 }));

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.Contains("seed was 1, is now 5", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ResumeWhereNothingIs_SaysWhyNot()
    {
        CampaignException refused = Assert.Throws<CampaignException>(
            () => _reader.Read(new RunRequest { OutputDirectory = _directory["none"], Resume = true }));

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
    }

    public void Dispose() => _directory.Dispose();

    private RunRequest Good() => new() { Bench = "small", Model = "/m.onnx", Data = "/images", OutputDirectory = _directory["out"] };

    private CampaignRequest Begin()
    {
        CampaignRequest request = _reader.Read(Good());
        Directory.CreateDirectory(request.OutputDirectory);
        return request;
    }
}

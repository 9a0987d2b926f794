using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Search;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Campaign;

public sealed class InputReaderTests : IDisposable
{
    private const int Record = 3073;
    private readonly TemporaryDirectory _directory = new();

    private string Model => _directory["net.onnx"];

    private string Declaration => _directory["net.preprocess.json"];

    private string Data => _directory["images"];

    private DaemonOptions Options => new() { SocketPath = "/nowhere", BenchDirectory = _directory["benches"], PreprocessingDirectory = _directory["declared"] };

    [Fact]
    public void Read_CifarRecords_GivesBothSplitsAndHashesWhatWasRead()
    {
        WriteModel(32);
        WriteCifar(test: 300, calibration: 70);

        CampaignInputs inputs = Read();
        string before = inputs.Fingerprint.DataSha256;

        Assert.Equal((300, 70, new ImageShape(3, 32, 32)), (inputs.Test.Count, inputs.Calibration.Count, inputs.Test.Shape));
        // Label 7 of image 7; its red plane is 7 / 255.
        Assert.Equal(7, inputs.Test.Labels[7]);
        Assert.Equal(7f / 255, inputs.Test.Slice(7, 1).Span[0], 1e-6f);
        Assert.Equal("images/test", inputs.Test.Name);
        Assert.Equal(before, Read().Fingerprint.DataSha256);
        File.WriteAllText(Path.Combine(Data, "notes.txt"), "not read");
        Assert.Equal(before, Read().Fingerprint.DataSha256);
        byte[] batch = File.ReadAllBytes(Path.Combine(Data, "data_batch_1.bin"));
        batch[5]++;
        File.WriteAllBytes(Path.Combine(Data, "data_batch_1.bin"), batch);
        string changed = Read().Fingerprint.DataSha256;
        Assert.NotEqual(before, changed);
        File.WriteAllText(Declaration, """{ "channels": "bgr", "std": [255] }""");
        Assert.NotEqual(changed, Read().Fingerprint.DataSha256);
    }

    [Fact]
    public void Read_FoldersOfPictures_GivesBothSplitsAndHashesEveryPicture()
    {
        WriteModel(4);
        WritePictures("test", 250);
        WritePictures("calib", 64);

        CampaignInputs inputs = Read();

        Assert.Equal((250, 64, new ImageShape(3, 4, 4)), (inputs.Test.Count, inputs.Calibration.Count, inputs.Test.Shape));
        Assert.Equal([13f / 255, 26f / 255, 39f / 255], [inputs.Test.Slice(13, 1).Span[0], inputs.Test.Slice(13, 1).Span[16], inputs.Test.Slice(13, 1).Span[32]]);
        File.WriteAllBytes(Path.Combine(Data, "calib", "63.png"), SmallPicture.Write(4, 1, 2, 3));
        Assert.NotEqual(inputs.Fingerprint.DataSha256, Read().Fingerprint.DataSha256);
    }

    [Fact]
    public void Read_WithALimitOfImages_ReadsThoseOfItsSplitsAloneAndSplitsAsBefore()
    {
        WriteModel(4);
        WritePictures("test", 300);
        WritePictures("calib", 64);
        CampaignRequest request = Request with { MaxImages = 250 };
        Splits before = CampaignSplits.Of(Read().Test, request);
        int left = Enumerable.Range(1, 299).Except(CampaignSplits.PlacesOf(300, request)).First();
        File.WriteAllText(Path.Combine(Data, "test", $"{left}.png"), "damaged");

        LabelledImages test = new InputReader(Options, TimeProvider.System).Read(request).Test;
        Splits after = CampaignSplits.Of(test, request);

        Assert.Equal((250, 300), (test.Count, test.SetCount));
        Assert.Equal((100, 150), (after.Search.Count, after.Certification.Count));
        Assert.Equal(before.Search.Pixels, after.Search.Pixels);
        Assert.Equal(before.Search.Labels, after.Search.Labels);
        Assert.Equal(before.Certification.Pixels, after.Certification.Pixels);
        Assert.Equal(before.Certification.Labels, after.Certification.Labels);
        Assert.Throws<CampaignException>(Read);
    }

    [Fact]
    public void Read_WithALimitButWholeWhereItFits_ReadsAll()
    {
        WriteModel(32);
        WriteCifar(test: 300, calibration: 70);
        var reader = new InputReader(Options, TimeProvider.System);

        Assert.Equal(250, reader.Read(Request with { MaxImages = 250 }).Test.Count);
        Assert.Equal(300, reader.Read(Request with { MaxImages = 250 }, wholeWhereItFits: true).Test.Count);
        Assert.Null(reader.Read(Request with { MaxImages = 300 }).Test.Drawn);
    }

    [Fact]
    public void Read_MoreImagesThanMemoryTakes_NamesTheLimitThatHelps()
    {
        WriteModel(4);
        WritePictures("calib", 64);
        string directory = Directory.CreateDirectory(Path.Combine(Data, "test")).FullName;
        File.WriteAllBytes(Path.Combine(directory, "large.png"), SmallPicture.Write(1000, 1, 2, 3));
        File.WriteAllText(Path.Combine(directory, "labels.csv"), "file,label\n" + string.Concat(Enumerable.Repeat("large.png,0\n", 800)));

        CampaignException refused = Assert.Throws<CampaignException>(Read);

        Assert.Equal(ErrorReason.DataInvalid, refused.Reason);
        Assert.Contains("has 800 images of 3 x 1000 x 1000, of which 715 fit into memory at once", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--max-images 715", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooFewImages_SaysOfBothSplitsHowManyAreNeeded()
    {
        WriteModel(32);
        WriteCifar(test: CampaignSplits.FewestTestImages - 1, calibration: CampaignSplits.FewestCalibrationImages - 1);

        CampaignException refused = Assert.Throws<CampaignException>(Read);

        Assert.Equal(ErrorReason.DataInvalid, refused.Reason);
        Assert.Equal(
            [
                $"images/calib has {CampaignSplits.FewestCalibrationImages - 1} images, a campaign needs at least {CampaignSplits.FewestCalibrationImages} of them; give a larger set",
                $"images/test has {CampaignSplits.FewestTestImages - 1} images, a campaign needs at least {CampaignSplits.FewestTestImages} of them; give a larger set",
            ],
            refused.Fields.Select(field => field.Message));
    }

    [Fact]
    public void Read_FewestImages_AreEnough()
    {
        WriteModel(32);
        WriteCifar(CampaignSplits.FewestTestImages, CampaignSplits.FewestCalibrationImages);

        Assert.Equal(CampaignSplits.FewestTestImages, Read().Test.Count);
    }

    [Fact]
    public void Read_ImagesOfAnotherShape_NamesBothShapes()
    {
        WriteModel(28);
        WriteCifar(test: 250, calibration: 64);

        CampaignException refused = Assert.Throws<CampaignException>(Read);

        Assert.All(refused.Fields, field => Assert.Contains("has images of 3 x 32 x 32, net takes 3 x 28 x 28", field.Message, StringComparison.Ordinal));
        Assert.Equal(2, refused.Fields.Length);
    }

    [Fact]
    public void Read_NoDeclaration_SaysSoAndFindsItByTheModelsHash()
    {
        WriteModel(32);
        WriteCifar(test: 250, calibration: 64);
        File.Delete(Declaration);

        CampaignException refused = Assert.Throws<CampaignException>(Read);
        Directory.CreateDirectory(_directory["declared"]);
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Model)));
        File.WriteAllText(_directory["declared/any.json"], $$"""{ "channels": "rgb", "std": [255], "model_sha256": ["{{hash}}"] }""");

        Assert.Equal(ErrorReason.DataInvalid, refused.Reason);
        Assert.Contains("no declaration of preprocessing", refused.Message, StringComparison.Ordinal);
        Assert.Equal(250, Read().Test.Count);
    }

    [Fact]
    public void Read_EverythingIsBad_SaysAllOfIt()
    {
        File.WriteAllText(Model, "no model");
        Directory.CreateDirectory(Data);

        CampaignException refused = Assert.Throws<CampaignException>(Read);

        Assert.Equal(ErrorReason.ModelInvalid, refused.Reason);
        Assert.Equal(["model", "data", "data"], refused.Fields.Select(field => field.Path));
        Assert.Contains("holds no test images of a known kind", refused.Fields[2].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("elsewhere", false, false)]
    [InlineData("benches", false, true)]
    [InlineData("benches/below", false, false)]
    [InlineData("benches/../elsewhere", false, false)]
    [InlineData("lent", false, true)]
    [InlineData("elsewhere", true, true)]
    public void Read_BenchThatStartsAProgram_IsTakenOnlyFromTheDaemonsOwnDirectories(string folder, bool fromAny, bool taken)
    {
        WriteModel(32);
        WriteCifar(test: 300, calibration: 70);
        Directory.CreateDirectory(_directory["benches"]);
        Directory.CreateDirectory(_directory[folder]);
        string bench = Path.Combine(_directory[folder], "wired.json");
        File.WriteAllText(
            bench,
            """
            { "driver": "serial", "name": "wired", "description": "-", "architecture": "crossbar",
              "serial": { "baud": 921600, "launch": { "command": ["sh", "-c", "touch /tmp/never"] } } }
            """);
        DaemonOptions options = Options with { LaunchesFromAnyBench = fromAny, LaunchDirectories = [_directory["lent"]] };
        var request = new CampaignRequest(bench, Model, Data, 2, 1, _directory["out"], false, 0);

        if (taken)
        {
            Assert.True(new InputReader(options, TimeProvider.System).Read(request).Bench.IsSimulated);
            return;
        }

        CampaignException refused = Assert.Throws<CampaignException>(() => new InputReader(options, TimeProvider.System).Read(request));
        Assert.Equal(ErrorReason.BenchInvalid, refused.Reason);
        FieldError error = Assert.Single(refused.Fields);
        Assert.Equal("bench/serial/launch", error.Path);
        Assert.Contains("--launch-from", error.Message, StringComparison.Ordinal);
        Assert.Contains(_directory["lent"], error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private CampaignRequest Request =>
        new(Path.Combine(Locate(), "config", "benches", "ideal.json"), Model, Data, 2, 1, _directory["out"], false, 0);

    private CampaignInputs Read() => new InputReader(Options, TimeProvider.System).Read(Request);

    private void WriteModel(int side)
    {
        File.WriteAllBytes(Model, SmallClassifier.Write(3, side, side));
        File.WriteAllText(Declaration, """{ "channels": "rgb", "std": [255] }""");
    }

    private void WriteCifar(int test, int calibration)
    {
        Directory.CreateDirectory(Data);
        File.WriteAllBytes(Path.Combine(Data, "test_batch.bin"), Records(test));
        File.WriteAllBytes(Path.Combine(Data, "data_batch_1.bin"), Records(calibration));
    }

    private static byte[] Records(int count)
    {
        byte[] records = new byte[count * Record];
        for (int i = 0; i < count; i++)
        {
            records.AsSpan(i * Record, Record).Fill((byte)i);
            records[i * Record] = (byte)(i % 10);
        }

        return records;
    }

    private void WritePictures(string split, int count)
    {
        string directory = Directory.CreateDirectory(Path.Combine(Data, split)).FullName;
        for (int i = 0; i < count; i++)
        {
            File.WriteAllBytes(Path.Combine(directory, $"{i}.png"), SmallPicture.Write(4, (byte)i, (byte)(2 * i), (byte)(3 * i)));
        }

        File.WriteAllText(Path.Combine(directory, "labels.csv"), "file,label\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{i}.png,{i % 10}\n")));
    }

    private static string Locate([CallerFilePath] string thisFile = "")
    {
        string? folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "AnalogHil.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"AnalogHil.sln not found above {thisFile}");
    }
}

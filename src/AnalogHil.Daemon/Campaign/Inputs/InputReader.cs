using System.Collections.Immutable;
using System.Security.Cryptography;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Inputs;

/// <summary>Reads bench, model and images, and says of all three at once what is wrong.</summary>
/// <param name="options">Where the declarations of preprocessing are, and which benches may start programs.</param>
/// <param name="time">The clock of the bench's device.</param>
internal sealed class InputReader(DaemonOptions options, TimeProvider time)
{
    /// <summary>Reads the inputs of a campaign. Where the request limits the test images, those that its splits take are read and no others.</summary>
    /// <param name="request">The campaign.</param>
    /// <param name="wholeWhereItFits">Reads all test images in spite of the limit, for other uses than the campaign's splits, unless they do not fit into memory.</param>
    /// <exception cref="CampaignException">BenchInvalid, ModelInvalid or DataInvalid, after the first that is bad; its fields hold every error of all of them.</exception>
    public CampaignInputs Read(CampaignRequest request, bool wholeWhereItFits = false)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        ErrorReason reason = ErrorReason.Unspecified;
        BenchFile? bench = ReadBench(request.BenchFile, Add);
        OnnxNetwork? network = ReadModel(request.ModelFile, bench, Add);
        Preprocessing? preprocessing = network is null ? null : ReadPreprocessing(request.ModelFile, network, Add);
        var files = new List<string>();
        LabelledImages? calibration = ReadImages(request.DataDirectory, ImageSplit.Calibration, network, preprocessing, files, images => images.ReadAll(), Add);
        LabelledImages? test = ReadImages(
            request.DataDirectory, ImageSplit.Test, network, preprocessing, files, images => ReadTest(images, request, wholeWhereItFits), Add);
        if (network is not null && test is not null && calibration is not null)
        {
            foreach (LabelledImages images in new[] { calibration, test }.Where(images => images.Shape != network.InputShape))
            {
                Add(ErrorReason.DataInvalid, "data", $"{images.Name} has images of {images.Shape}, {network.Name} takes {network.InputShape}; give the images that the model was made for");
            }
        }

        RequireEnough(calibration, CampaignSplits.FewestCalibrationImages, Add);
        RequireEnough(test, CampaignSplits.FewestTestImages, Add);
        if (errors.Count > 0)
        {
            throw new CampaignException(reason, errors.Count == 1 ? errors[0].Message : $"{errors.Count} errors in the inputs")
            {
                Fields = errors.Count == 1 && reason != ErrorReason.BenchInvalid ? [] : errors.ToImmutable(),
            };
        }

        return new CampaignInputs(
            OpenableBench.Of(bench!, time),
            network!,
            calibration!,
            test!,
            new Fingerprint(
                bench!.Sha256,
                network!.Sha256,
                HashOf(request.DataDirectory, files, preprocessing!),
                request.Seed,
                request.MaxDropPoints,
                request.MaxImages,
                request.SigmaHalfWidthPercent,
                BuildInfo.Version + (BuildInfo.Commit.Length > 0 ? "+" + BuildInfo.Commit : ""))
            {
                Corrected = request.Corrected,
            });

        void Add(ErrorReason why, string field, string message)
        {
            reason = reason == ErrorReason.Unspecified ? why : reason;
            var error = new FieldError(field, message);
            if (!errors.Contains(error))
            {
                errors.Add(error);
            }
        }
    }

    private BenchFile? ReadBench(string path, Action<ErrorReason, string, string> add)
    {
        try
        {
            return LaunchPolicy.Load(path, options);
        }
        catch (BenchFileException wrong)
        {
            foreach (BenchFileError error in wrong.Errors)
            {
                add(ErrorReason.BenchInvalid, "bench" + error.Location, $"{error.Problem}; {error.Remedy}");
            }

            return null;
        }
    }

    private static OnnxNetwork? ReadModel(string path, BenchFile? bench, Action<ErrorReason, string, string> add)
    {
        try
        {
            OnnxNetwork network = OnnxNetwork.Load(path);

            // Where the tiles multiply by what they hold, products of two activations stay digital, without K and without noise.
            bool digital = !MultipliesActivations(bench) && network.AnalogNodes.Any(node => node.Operands == ProductOperands.TwoActivations);
            return digital ? network.WithDigitalActivationProducts() : network;
        }
        catch (ModelImportException wrong)
        {
            add(ErrorReason.ModelInvalid, "model", wrong.Message);
            return null;
        }
    }

    // A device behind a port tells when it is opened; a homodyne multiplier's weights are light, and every firmware of this schema takes operands for it.
    private static bool MultipliesActivations(BenchFile? bench) => bench switch
    {
        Devices.Benches.Bench simulated => simulated.Device.Capabilities.MultipliesActivations,
        SerialBench wired => wired.Architecture == DeviceArchitecture.Homodyne,
        _ => false,
    };

    private Preprocessing? ReadPreprocessing(string model, OnnxNetwork network, Action<ErrorReason, string, string> add)
    {
        try
        {
            return TextSets.IsFor(network) ? TextSets.NoPreprocessing : Preprocessing.ForModel(model, network.Sha256, options.PreprocessingDirectory);
        }
        catch (DataSetException wrong)
        {
            add(ErrorReason.DataInvalid, "model", wrong.Message);
            return null;
        }
    }

    private static LabelledImages? ReadImages(
        string directory, ImageSplit split, OnnxNetwork? network, Preprocessing? preprocessing, List<string> files,
        Func<ImageBatches, LabelledImages> read, Action<ErrorReason, string, string> add)
    {
        try
        {
            if (network is null || preprocessing is null)
            {
                // Without them the pixels have no meaning; whether there are images at all can be told.
                ImageSets.Require(directory, split);
                return null;
            }

            using ImageBatches images = TextSets.IsFor(network)
                ? TextSets.OpenBatches(directory, network, split)
                : ImageSets.OpenBatches(directory, preprocessing, split, network.Classes);
            files.AddRange(images.Files);
            return read(images);
        }
        catch (DataSetException wrong)
        {
            add(ErrorReason.DataInvalid, "data", wrong.Message);
            return null;
        }
    }

    private static LabelledImages ReadTest(ImageBatches images, CampaignRequest request, bool wholeWhereItFits)
    {
        bool fits = images.Count <= images.MostAtOnce;
        bool limited = request.MaxImages > 0 && request.MaxImages < images.Count;
        if (limited && !(wholeWhereItFits && fits))
        {
            return images.ReadAt(CampaignSplits.PlacesOf(images.Count, request));
        }

        return fits
            ? images.ReadAll()
            : throw new DataSetException(
                $"{images.Name} has {images.Count} images of {images.Shape}, of which {images.MostAtOnce} fit into memory at once; "
                    + $"limit a campaign to so many (--max-images {images.MostAtOnce}), which are drawn from all of them");
    }

    private static void RequireEnough(LabelledImages? images, int fewest, Action<ErrorReason, string, string> add)
    {
        if (images is not null && images.Count < fewest)
        {
            add(ErrorReason.DataInvalid, "data", $"{images.Name} has {images.Count} images, a campaign needs at least {fewest} of them; give a larger set");
        }
    }

    /// <summary>SHA-256 over names, relative to the directory, and contents of the files that were read, in the order of their names, and over the declaration of preprocessing.</summary>
    private static string HashOf(string directory, IEnumerable<string> files, Preprocessing preprocessing)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<(string Name, string Path)> read = files.Distinct()
            .Select(file => (Name: Path.GetRelativePath(directory, file).Replace('\\', '/'), Path: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach ((string name, string path) in preprocessing.Source is { } source ? read.Append((Preprocessing.Extension, source)) : read)
        {
            using FileStream content = File.OpenRead(path);
            all.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            all.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}

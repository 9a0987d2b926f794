using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Models;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>Turns a request from the wire into one that can be run, or says everything that is wrong with it.</summary>
internal sealed class RequestReader(BenchDirectory benches, ModelShelf models)
{
    /// <summary>Largest drop when none is given, percentage points.</summary>
    public const double UsualMaxDropPoints = 2;

    /// <summary>Seed when none is given.</summary>
    public const ulong UsualSeed = 1;

    /// <summary>Half-width of the sigmas when none is given, percent.</summary>
    public const double UsualSigmaHalfWidthPercent = 5;

    /// <summary>Fewest test images: search and certification need a hundred each, fewer show no drop of a few points.</summary>
    public const int FewestImages = CampaignSplits.FewestTestImages;

    /// <summary>The campaign asked for.</summary>
    /// <exception cref="CampaignException">RequestInvalid with every bad field; NotResumable; NotFound for a bench without a file.</exception>
    public CampaignRequest Read(RunRequest asked)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        CampaignRequest? earlier = null;
        if (!Path.IsPathFullyQualified(asked.OutputDirectory))
        {
            errors.Add(new FieldError("output_directory", $"'{asked.OutputDirectory}' is not an absolute path; give one on the daemon's machine"));
        }
        else if (asked.Resume)
        {
            earlier = SavedRequest.Read(asked.OutputDirectory);
        }
        else if (Directory.Exists(asked.OutputDirectory) && !RecordLock.IsFree(asked.OutputDirectory))
        {
            errors.Add(new FieldError(
                "output_directory", $"{asked.OutputDirectory} is not empty; choose another directory, or continue the campaign in it with resume"));
        }

        string bench = Given(asked.Bench, earlier?.BenchFile, "bench", errors);
        string model = GivenPath(
            asked.Model.StartsWith(ModelShelf.Prefix, StringComparison.Ordinal) ? models.FileOf(asked.Model) : asked.Model, earlier?.ModelFile, "model", errors);
        string data = GivenPath(asked.Data, earlier?.DataDirectory, "data", errors);
        double maxDrop = asked.HasMaxDropPoints ? asked.MaxDropPoints : earlier?.MaxDropPoints ?? UsualMaxDropPoints;
        if (!(maxDrop is > 0 and < 100))
        {
            errors.Add(new FieldError(
                "max_drop_points", string.Create(CultureInfo.InvariantCulture, $"is {maxDrop}, must lie strictly between 0 and 100 percentage points; 2 is usual")));
        }

        int maxImages = asked.HasMaxImages ? asked.MaxImages : earlier?.MaxImages ?? 0;
        if (maxImages < FewestImages && maxImages != 0)
        {
            errors.Add(new FieldError("max_images", $"is {maxImages}, must be at least {FewestImages}; leave it out for all images"));
        }

        double halfWidth = asked.HasSigmaHalfWidthPercent
            ? asked.SigmaHalfWidthPercent
            : earlier?.SigmaHalfWidthPercent ?? UsualSigmaHalfWidthPercent;
        if (!(halfWidth is >= 0.2 and <= 50))
        {
            errors.Add(new FieldError(
                "sigma_half_width_percent",
                string.Create(CultureInfo.InvariantCulture, $"is {halfWidth}, must lie in 0.2 .. 50 percent; 5 is usual, half of it costs four times the reads")));
        }

        if (errors.Count > 0)
        {
            throw new CampaignException(
                ErrorReason.RequestInvalid, "the request has errors: " + string.Join("; ", errors.Select(error => $"{error.Path} {error.Message}")))
            {
                Fields = errors.ToImmutable(),
            };
        }

        var request = new CampaignRequest(
            benches.Locate(bench),
            model,
            data,
            maxDrop,
            asked.HasSeed ? asked.Seed : earlier?.Seed ?? UsualSeed,
            Path.TrimEndingDirectorySeparator(asked.OutputDirectory),
            asked.Resume,
            maxImages,
            halfWidth)
        {
            Corrected = asked.HasCorrected ? asked.Corrected : earlier?.Corrected ?? false,
        };
        if (earlier is not null)
        {
            SavedRequest.RequireSame(earlier, request);
        }

        return request;
    }

    private static string Given(string given, string? earlier, string field, ImmutableArray<FieldError>.Builder errors)
    {
        string value = given.Length > 0 ? given : earlier ?? "";
        if (value.Length == 0)
        {
            errors.Add(new FieldError(field, "is missing; it is required"));
        }

        return value;
    }

    private static string GivenPath(string given, string? earlier, string field, ImmutableArray<FieldError>.Builder errors)
    {
        string value = Given(given, earlier, field, errors);
        if (value.Length > 0 && !Path.IsPathFullyQualified(value))
        {
            errors.Add(new FieldError(field, $"'{value}' is not an absolute path; give one on the daemon's machine"));
        }

        return value;
    }
}

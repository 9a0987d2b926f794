using AnalogHil.Engine.Data;

namespace AnalogHil.Engine.Evaluation;

/// <summary>The images or texts of a request, all in memory: those that are judged, and those that ranges are observed on.</summary>
public static class ObservedImages
{
    /// <summary>Those that are judged.</summary>
    /// <param name="request">Which.</param>
    /// <param name="network">The network they are for.</param>
    /// <exception cref="DataSetException">They cannot be used, or do not fit the network.</exception>
    public static LabelledImages Judged(EvaluationRequest request, OnnxNetwork network) => TextSets.Holds(request.DataDirectory, network, request.Split)
        ? TextSets.Open(request.DataDirectory, network, request.Split, request.Limit)
        : Read(request.DataDirectory, request.Preprocessing(network), request.Split, network, request.Limit);

    /// <summary>Those that ranges are observed on: of the directory named for it, else of the calibration split beside those that are judged.</summary>
    /// <param name="request">Which.</param>
    /// <param name="network">The network they are for.</param>
    /// <param name="limit">At most so many, the first ones.</param>
    /// <param name="need">What needs them, a clause that the message begins with where there are none.</param>
    /// <exception cref="DataSetException">There are none, they cannot be used, or do not fit the network.</exception>
    public static LabelledImages Calibration(EvaluationRequest request, OnnxNetwork network, int limit, string need)
    {
        string directory = request.CalibrationDirectory ?? request.DataDirectory;
        if (TextSets.Holds(request.DataDirectory, network, request.Split))
        {
            return TextSets.Open(directory, network, ImageSplit.Calibration, limit);
        }

        bool hasSplit = ImageSets.Holds(directory, ImageSplit.Calibration);
        if (!hasSplit && request.CalibrationDirectory is null)
        {
            throw new DataSetException(
                $"{need}, and '{directory}' holds no calibration images to observe them on; name a directory of such images, the judged one itself if need be");
        }

        // A directory named for this purpose may hold images without splits.
        return Read(directory, request.Preprocessing(network), hasSplit ? ImageSplit.Calibration : ImageSplit.Test, network, limit);
    }

    /// <summary>Refuses images of another shape than the network takes.</summary>
    internal static void RequireFit(ImageBatches images, OnnxNetwork network)
    {
        if (images.Shape != network.InputShape)
        {
            throw new DataSetException(
                $"{images.Name} has images of {images.Shape}, {network.Name} takes {network.InputShape}; give the images that the model was made for, or "
                    + "declare the crop in its preprocessing");
        }
    }

    private static LabelledImages Read(string directory, Preprocessing preprocessing, ImageSplit split, OnnxNetwork network, int limit)
    {
        using ImageBatches images = ImageSets.OpenBatches(directory, preprocessing, split, network.Classes, limit);
        RequireFit(images, network);
        return images.ReadAll();
    }
}

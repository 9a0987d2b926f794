using AnalogHil.Engine;
using AnalogHil.Engine.Data;

namespace AnalogHil.Precision.Search;

/// <summary>Checks that images and labels belong to a network.</summary>
internal static class DataCheck
{
    public static void Fits(INetwork network, LabelledImages images)
    {
        if (images.Shape != network.InputShape)
        {
            throw Misfit($"{images.Name} has images of {images.Shape}, {network.Name} takes {network.InputShape}; give the data set the model was trained on");
        }

        if (images.Count == 0 || images.Pixels.Length != (long)images.Count * images.Shape.Size)
        {
            throw Misfit($"{images.Name} has {images.Count} labels and {images.Pixels.Length} pixel values, {images.Shape.Size} for each image are needed; check that images and labels belong together");
        }

        foreach (int label in images.Labels)
        {
            if (label < 0 || label >= network.Classes)
            {
                throw Misfit($"{images.Name} has label {label}, {network.Name} has classes 0 .. {network.Classes - 1}; give labels of the model's own classes");
            }
        }
    }

    private static PrecisionException Misfit(string message) => new(PrecisionFault.Data, message);
}

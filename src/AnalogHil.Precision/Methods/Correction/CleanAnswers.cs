using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods.Correction;

/// <summary>
/// What a network answers to learning images without noise, as the aim of a correction in the place of labels (knowledge distillation, Hinton et al. 2015,
/// arXiv 1503.02531, at temperature 1). The network is asked once for each image, when that is first wanted.
/// </summary>
public sealed class CleanAnswers
{
    private readonly INetwork _network;
    private readonly LabelledImages _images;
    private readonly float[]?[] _known;
    private float[] _batch = [];

    /// <summary>Asks nothing yet.</summary>
    /// <param name="network">The network as it is meant to be: without noise, and before full scales were narrowed.</param>
    /// <param name="images">The images that will be learned from.</param>
    public CleanAnswers(INetwork network, LabelledImages images)
    {
        (_network, _images) = (network, images);
        _known = new float[images.Count][];
    }

    /// <summary>Images that were passed forward so far.</summary>
    public int Asked { get; private set; }

    /// <summary>Whether these are the answers to images.</summary>
    internal bool AreTo(LabelledImages images) => ReferenceEquals(images, _images);

    /// <summary>Probabilities of the classes, [batch x classes]; overwritten by the next call.</summary>
    /// <param name="batch">The images.</param>
    /// <param name="labels">Share of the labels in them; the rest is that of the answers.</param>
    internal ReadOnlyMemory<float> To(BatchSampler batch, float labels)
    {
        int classes = _network.Classes;
        int[] images = batch.Indices;
        int[] fresh = [.. images.Distinct().Where(image => _known[image] is null)];
        if (fresh.Length > 0)
        {
            Ask(fresh);
        }

        if (_batch.Length != images.Length * classes)
        {
            _batch = new float[images.Length * classes];
        }

        for (int i = 0; i < images.Length; i++)
        {
            Span<float> row = _batch.AsSpan(i * classes, classes);
            float[] answer = _known[images[i]]!;
            for (int c = 0; c < classes; c++)
            {
                row[c] = (1 - labels) * answer[c];
            }

            row[batch.Labels[i]] += labels;
        }

        return _batch;
    }

    private void Ask(int[] fresh)
    {
        int size = _images.Shape.Size;
        int classes = _network.Classes;
        float[] pixels = new float[fresh.Length * size];
        float[] logits = new float[fresh.Length * classes];
        for (int i = 0; i < fresh.Length; i++)
        {
            _images.Slice(fresh[i], 1).Span.CopyTo(pixels.AsSpan(i * size));
        }

        _network.Forward(pixels, fresh.Length, logits);
        Asked += fresh.Length;
        for (int i = 0; i < fresh.Length; i++)
        {
            float[] answer = new float[classes];
            CrossEntropy.Softmax(logits.AsSpan(i * classes, classes), answer);
            _known[fresh[i]] = answer;
        }
    }
}

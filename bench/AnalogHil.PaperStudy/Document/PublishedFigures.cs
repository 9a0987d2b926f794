namespace AnalogHil.PaperStudy.Document;

/// <summary>Energy per multiply-accumulate at less than 2 % loss in Garg et al. 2021: relative to one read for thermal and weight noise, aJ for shot noise.</summary>
/// <param name="Uniform">The same for all.</param>
/// <param name="Layer">Per layer.</param>
/// <param name="Channel">Per channel; null where not given.</param>
internal sealed record PublishedFigures(double Uniform, double Layer, double? Channel)
{
    /// <summary>By network and law; null where the paper has none.</summary>
    public static PublishedFigures? Of(string? network, string law) => (network, law) switch
    {
        ("ResNet50", "shot") => new(25.4, 4.5, 2.8),
        ("ResNet50", "thermal") => new(36.5, 13.5, 8.1),
        ("ResNet50", "weight") => new(131, 48.8, 37.2),
        ("MobileNetV2", "shot") => new(62.3, 21.2, 15.3),
        ("MobileNetV2", "thermal") => new(2812, 333.5, 122),
        ("MobileNetV2", "weight") => new(1027, 296.2, 263.1),
        _ => null,
    };
}

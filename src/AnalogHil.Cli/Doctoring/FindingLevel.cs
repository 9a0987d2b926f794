namespace AnalogHil.Cli.Doctoring;

/// <summary>How bad what a check found is.</summary>
internal enum FindingLevel
{
    /// <summary>As it must be.</summary>
    Ok,

    /// <summary>Something that some work needs is missing, or will be trouble later.</summary>
    Warn,

    /// <summary>Work is not possible, or not safe, before it is mended.</summary>
    Fail,
}

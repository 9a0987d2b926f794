namespace AnalogHil.Engine.Data;

/// <summary>Which part of a data set; the parts are disjoint.</summary>
public enum ImageSplit
{
    /// <summary>t10k-*: for reporting accuracy, never for choosing anything.</summary>
    Test,

    /// <summary>calib-*: training images, for ranges, sensitivities and the search of a plan; never for reporting accuracy.</summary>
    Calibration,
}

namespace AnalogHil.Core.Plans;

/// <summary>How a device repeats a dot product K times.</summary>
public enum RedundancyMode
{
    /// <summary>K reads accumulate on the device (charge, photocurrent) and are converted once.</summary>
    AccumulateThenRead,

    /// <summary>K reads, each converted, then averaged: energy and time times K.</summary>
    ReadAndAverage,

    /// <summary>K copies of the weights on free cells, read at the same time and averaged: area and energy times K.</summary>
    SpatialCopies,
}

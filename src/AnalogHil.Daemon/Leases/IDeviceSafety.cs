namespace AnalogHil.Daemon.Leases;

/// <summary>Makes the device of a bench safe and disarms it, whoever uses it.</summary>
internal interface IDeviceSafety
{
    /// <summary>Returns when the device is safe, or there is none open.</summary>
    /// <param name="bench">Absolute path of the bench file.</param>
    /// <param name="reason">Why, for whoever used it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task MakeSafeAsync(string bench, string reason, CancellationToken cancellationToken);
}

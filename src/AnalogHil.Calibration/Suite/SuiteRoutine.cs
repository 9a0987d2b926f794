using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Graph;

namespace AnalogHil.Calibration.Suite;

/// <summary>One routine of the suite: reads go to its archive, its result comes from the archive alone.</summary>
internal abstract class SuiteRoutine
{
    /// <summary>Name, also of its folder.</summary>
    public abstract string Name { get; }

    /// <summary>Routines whose results it uses.</summary>
    public virtual ImmutableArray<string> DependsOn => [];

    /// <summary>How long its results hold, in units of <see cref="SuiteOptions.ValidFor"/>.</summary>
    public virtual double Validity => 1;

    /// <summary>Longest time of a full run.</summary>
    public virtual TimeSpan Timeout => TimeSpan.FromMinutes(20);

    /// <summary>Usual share of a calibration's time, for the time remaining.</summary>
    public abstract double Share { get; }

    /// <summary>Whether a run may be limited to some columns.</summary>
    public virtual bool ByColumn => false;

    /// <summary>Makes the reads that the archive does not hold yet.</summary>
    /// <returns>What could not be read, for people; empty when everything was.</returns>
    public abstract Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken);

    /// <summary>A pure function of archived reads.</summary>
    public abstract RoutineResult Fit(ArchivedReads reads, FitSettings settings);

    /// <summary>Whether a few reads can tell that a result still holds; a routine without a check is done again when its result has expired.</summary>
    public virtual bool HasCheck => false;

    /// <summary>The cheap check; its reads are kept nowhere.</summary>
    public virtual Task<RoutineCheck> CheckAsync(RoutineReads reads, RoutineResult result, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Name} has no check");
}

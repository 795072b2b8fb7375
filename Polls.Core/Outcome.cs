using System.Diagnostics.CodeAnalysis;

namespace Polls.Core;

/// <summary>Either what was asked for, or why it was refused.</summary>
/// <typeparam name="T">What a success yields.</typeparam>
public readonly record struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, Refusal? refusal) => (this.value, Refusal) = (value, refusal);

    /// <summary>Why it was refused; null on success.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True, with the value, on success; false, with the refusal, otherwise.</summary>
    public bool Succeeded([MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out Refusal? refusal)
    {
        (result, refusal) = (value, Refusal);
        return refusal is null;
    }

    /// <summary>A success.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Outcomes are returned, never built by name.")]
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A refusal.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Outcomes are returned, never built by name.")]
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of a success that yields nothing.</summary>
public readonly record struct Done;

namespace Polls.Api.Tokens;

/// <summary>Declares that an endpoint takes an account token.</summary>
/// <param name="Required">False if the token is optional.</param>
/// <param name="IgnoreOthers">Whether other tokens are ignored.</param>
public sealed record AccountRule(bool Required, bool IgnoreOthers = false);

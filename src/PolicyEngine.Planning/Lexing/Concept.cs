namespace PolicyEngine.Planning.Lexing;

/// <summary>What words are about. A word has one; what it means in a sentence is for the clauses.</summary>
public enum Concept
{
    /// <summary>Nobody knows the word.</summary>
    None,
    Filler, Preposition, Separator, Noun, Or, Not, If, Instead, InsteadOf, Foreign, Question, Because, Vague,

    // What is done.
    Send, Promote, Mirror, Limit, Deny, Allow, Require, Reach, Retry, Timeout, Wait, Delay, Abort, Header, Redirect, Answer, Rewrite, Canary,
    Stop, Off, Set, Raise, Lower, Double, Triple, Halve, Swap, Undo, Same, Too, Back, It,

    // To what extent.
    Fully, Even, Rest, AtMost, More, Less, Only, Except, Without, Until, Next,
    PerTry, Per, Second, Minute, Hour, Day, Week, Times, Client, User, Everyone, Total,

    // To which part of what.
    Shadow, Connect, Idle, Burst, BackOff, Request, Response, Method, Route, Policy, Present, Path, Cookie, Query, Host, Failing, Newer, Older, Permanent, Temporary,
    GatewayNoun, FleetNoun, ServiceNoun, VersionNoun,
}

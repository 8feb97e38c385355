package schema

// Auth is how a call shows who it comes from. Kind is the key that was
// written; the nodes are templates.
type Auth struct {
	Place Place
	Kind  AuthKind
	Token *Node // bearer
	Name  *Node // header, query: the name, a literal
	Value *Node // header, query
	User  *Node // basic
	Pass  *Node // basic

	Grant    *Grant           // oauth2, onBehalfOf
	Identity *ManagedIdentity // managedIdentity
	SigV4    *SigV4           // awsSigV4
}

// AuthKind is the one key under `auth`.
type AuthKind string

const (
	AuthNone            AuthKind = "none"
	AuthBearer          AuthKind = "bearer"
	AuthBasic           AuthKind = "basic"
	AuthHeader          AuthKind = "header"
	AuthQuery           AuthKind = "query"
	AuthOAuth2          AuthKind = "oauth2"
	AuthOnBehalfOf      AuthKind = "onBehalfOf"
	AuthManagedIdentity AuthKind = "managedIdentity"
	AuthSigV4           AuthKind = "awsSigV4"
)

// A Grant is how a token is asked for at a token endpoint. The nodes are
// templates whose slots use env alone.
type Grant struct {
	TokenURL     *Node
	ClientID     *Node
	ClientSecret *Node
	ClientAuth   string // "basic", "body" or ""
	Scopes       *Node  // a List
	Parameters   *Node  // a Map
	Flow         string // of onBehalfOf: "exchange", "entra" or ""
}

// A ManagedIdentity names what a token of the platform's identity is for. The
// nodes are templates whose slots use env alone.
type ManagedIdentity struct {
	Resource *Node
	ClientID *Node // nil: that of the system
}

// SigV4 is how requests are signed for AWS. The nodes are templates whose
// slots use env alone.
type SigV4 struct {
	Region, Service        *Node
	AccessKeyID, SecretKey *Node
	SessionToken           *Node // may be nil
}

// MTLS is how an upstream and this server know each other beyond what the
// system trusts. The nodes are templates whose slots use env alone; they are
// nil where nothing is said.
type MTLS struct {
	Place                Place
	Certificate, Key, CA *Node
}

// authOf returns nil for a rule that was not written or is not one kind.
func authOf(n *Node) *Auth {
	switch {
	case n == nil:
		return nil
	case n.IsScalar():
		return &Auth{Place: n.Place, Kind: AuthNone}
	case len(n.Entries) != 1:
		return nil
	}
	e := n.Entries[0]
	a := &Auth{Place: n.Place, Kind: AuthKind(e.Key)}
	switch v := e.Value; a.Kind {
	case AuthBearer:
		a.Token = v
	case AuthBasic:
		a.User, a.Pass = v.Get("username"), v.Get("password")
	case AuthHeader, AuthQuery:
		a.Name, a.Value = v.Get("name"), v.Get("value")
	case AuthOAuth2, AuthOnBehalfOf:
		a.Grant = &Grant{
			TokenURL: v.Get("tokenUrl"), ClientID: v.Get("clientId"), ClientSecret: v.Get("clientSecret"),
			ClientAuth: textOf(v.Get("clientAuth")), Flow: textOf(v.Get("flow")),
			Scopes: v.Get("scopes"), Parameters: v.Get("parameters"),
		}
	case AuthManagedIdentity:
		a.Identity = &ManagedIdentity{Resource: v.Get("resource"), ClientID: v.Get("clientId")}
	case AuthSigV4:
		a.SigV4 = &SigV4{
			Region: v.Get("region"), Service: v.Get("service"),
			AccessKeyID: v.Get("accessKeyId"), SecretKey: v.Get("secretAccessKey"), SessionToken: v.Get("sessionToken"),
		}
	}
	return a
}

func mtlsOf(n *Node) *MTLS {
	if n == nil {
		return nil
	}
	return &MTLS{Place: n.Place, Certificate: n.Get("certificate"), Key: n.Get("key"), CA: n.Get("ca")}
}

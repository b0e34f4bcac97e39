package web

import "kerbside/service"

// uses says for each route which use of the service it is. A test fails for a route that is missing here, and a program's token opens none such.
func uses() map[string]service.Use {
	return map[string]service.Use{
		"/":                               service.UsePublic,
		"/api/":                           service.UsePublic,
		"GET /static/{version}/{name}":    service.UsePublic,
		"GET /manifest.webmanifest":       service.UsePublic,
		"GET /healthz":                    service.UsePublic,
		"GET /readyz":                     service.UsePublic,
		"GET /signin":                     service.UsePublic,
		"POST /signin":                    service.UsePublic,
		"GET /signin/identity":            service.UsePublic,
		"GET /signin/identity/back":       service.UsePublic,
		"POST /api/signin/passkey/begin":  service.UsePublic,
		"POST /api/signin/passkey/finish": service.UsePublic,
		"GET /signin/{token}":             service.UsePublic,
		"POST /signin/{token}":            service.UsePublic,
		"POST /signout":                   service.UsePublic,

		"GET /{$}":        service.UsePublic, // sends whoever is not signed in to sign in
		"GET /visits":     service.UsePublic, // sends everybody to the first page
		"GET /record":     service.UseRecord,
		"GET /upload":     service.UseRecord,
		"POST /upload":    service.UseRecord,
		"GET /note":       service.UseRecord,
		"POST /note":      service.UseRecord,
		"GET /api/visits": service.UseList,
		"GET /api/me":     service.UseMe,

		"POST /api/recordings":                               service.UseRecord,
		"PUT /api/recordings/{id}/takes/{take}/chunks/{seq}": service.UseRecord,
		"POST /api/recordings/{id}/finish":                   service.UseRecord,
		"POST /api/uploads":                                  service.UseRecord,
		"GET /visits/{id}":                                   service.UseRead,
		"GET /visits/{id}/events":                            service.UseRead,
		"GET /api/visits/{id}":                               service.UseRead,
		"GET /api/visits/{id}/history":                       service.UseRead,
		"GET /recordings/{id}/audio":                         service.UsePlay,
		"GET /visits/{id}/drafts/{audience}":                 service.UseExport,
		"POST /visits/{id}/corrections":                      service.UseEdit,
		"POST /api/visits/{id}/corrections":                  service.UseEdit,
		"POST /visits/{id}/statements":                       service.UseEdit,
		"POST /api/visits/{id}/statements":                   service.UseEdit,
		"POST /api/visits/{id}/notes":                        service.UseEdit,
		"POST /visits/{id}/retry":                            service.UseEdit,
		"POST /visits/{id}/approve":                          service.UseApprove,
		"POST /api/visits/{id}/approve":                      service.UseApprove,
		"POST /visits/{id}/review":                           service.UseReview,
		"POST /api/visits/{id}/review":                       service.UseReview,

		"GET /account":                       service.UseSelf,
		"POST /account/password":             service.UseSelf,
		"POST /account/passkeys/{id}/remove": service.UseSelf,
		"POST /account/sessions/{id}/end":    service.UseSelf,
		"POST /account/sessions/end":         service.UseSelf,
		"POST /account/tokens":               service.UseSelf,
		"POST /account/tokens/{id}/revoke":   service.UseSelf,
		"POST /api/account/passkeys/begin":   service.UseSelf,
		"POST /api/account/passkeys/finish":  service.UseSelf,
		"GET /people":                        service.UsePeople,
		"POST /people":                       service.UsePeople,
		"POST /people/{id}/link":             service.UsePeople,
		"GET /people/{id}":                   service.UseStaff,
		"POST /people/{id}":                  service.UseStaff,
		"POST /people/{id}/end":              service.UseStaff,
		"POST /people/{id}/signout":          service.UseStaff,
		"POST /teams":                        service.UseStaff,
	}
}

"""What clients say that they call, read by the helpers that they hand a path: their arguments, and what the variables among these were
given in the same function. Written for the clients of the table below, of which one line each is enough.

    python3 helpers.py document CLIENT FOLDER DOCUMENT    a document of those paths, and of others beside them that nobody calls
    python3 helpers.py report CLIENT FOLDER calls.json
"""
import re,glob,json,sys,os
def split(s,i):
    # arguments from after '(' ; returns list of (text) and end index
    out=[''];depth=0;q=None;n=len(s)
    while i<n:
        c=s[i]
        if q:
            out[-1]+=c
            if c=='\\': out[-1]+=s[i+1:i+2]; i+=1
            elif s.startswith(q,i):
                out[-1]+=q[1:]; i+=len(q)-1; q=None
        elif c=='#' and PY: 
            while i<n and s[i]!='\n': i+=1
        elif s.startswith('//',i) and not PY:
            while i<n and s[i]!='\n': i+=1
        elif c in '"\'`':
            q=s[i:i+3] if s[i:i+3] in ('"""',"'''") else c
            out[-1]+=q; i+=len(q)-1
        elif c in '([{': depth+=1; out[-1]+=c
        elif c in ')]}':
            depth-=1
            if depth<0: return [x.strip() for x in out],i
            out[-1]+=c
        elif c==',' and depth==0: out.append('')
        else: out[-1]+=c
        i+=1
    return [x.strip() for x in out],i
PY=False
def top(e,op):
    # split an expression at an operator outside of strings and brackets
    out=[''];depth=0;q=None;i=0
    while i<len(e):
        c=e[i]
        if q:
            out[-1]+=c
            if c=='\\': out[-1]+=e[i+1:i+2]; i+=1
            elif c==q: q=None
        elif c in '"\'`': q=c; out[-1]+=c
        elif c in '([{': depth+=1; out[-1]+=c
        elif c in ')]}': depth-=1; out[-1]+=c
        elif depth==0 and e.startswith(op,i): out.append(''); i+=len(op)-1
        else: out[-1]+=c
        i+=1
    return [x.strip() for x in out]
STR=re.compile(r'''^([rbuf]*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)''',re.S)
def path(e,vals=None,depth=0):
    e=e.strip()
    while e.startswith('(') and split(e,1)[1]==len(e)-1: e=e[1:-1].strip()
    parts=top(e,'+')
    if len(parts)>1:
        got=[path(p,vals,depth) for p in parts]
        if all(g is None for g in got): return None
        return ''.join('{}' if g is None else g[0] if isinstance(g,list) else g for g in got)
    t=top(e,'?') if not PY else [e]
    m=STR.match(e)
    if m:
        body=m[2][1:-1]; rest=e[m.end():].strip()
        if 'f' in m[1]: body=re.sub(r'\{[^{}]*\}','{}',body)
        elif m[2][0]=='`': body=re.sub(r'\$\{(?:[^{}]|\{[^}]*\})*\}','{}',body)
        if rest.startswith('.format') or rest.startswith('.replace'): body=re.sub(r'\{[^}]*\}','{}',body); rest=''
        if rest.startswith('.concat('):
            args,end=split(rest,8); body+=''.join(path(a,vals,depth) or '{}' for a in args)
            rest=rest[end+1:]
            while rest.startswith('.concat('):
                args,end=split(rest,8); body+=''.join(path(a,vals,depth) or '{}' for a in args); rest=rest[end+1:]
        elif rest.startswith('%'): body=re.sub(r'%(\(\w+\))?[sdi]','{}',body); rest=''
        elif rest and STR.match(rest): # adjacent strings
            r=path(rest,vals,depth); return body+(r or '')
        return body
    m=re.match(r'this\.make(\w*)Uri\(\{\s*pathname: (.*)\}\)$',e,re.S)
    if m:
        p=path(split(m[2],0)[0][0],vals,depth)
        if p is None: return None
        b={'':'/rest/api/{}','Agile':'/rest/agile/1.0','SprintQuery':'/rest/greenhopper/{}','Webhook':'/rest/webhooks/{}','DevStatus':'/rest/dev-status/latest/issue'}.get(m[1])
        return b+p if b else None
    m=re.match(r'self\._build_path\((.*)\)$',e,re.S)
    if m: return '/'.join(['$EP$']+[path(a,vals,depth) or '{}' for a in split(e,e.index('(')+1)[0] if a])
    m=re.match(r'util\.safeUrl\((.*)\)$',e,re.S)
    if m: return '/'.join(path(a,vals,depth) or '{}' for a in split(e,e.index('(')+1)[0])
    m=re.match(r'(?:[\w.]*\.)?(?:format_url|format|_get_url|get_url|formatUrl|build_url|_build_url|quote_plus|_agile_url|_url|self._append_device_id|_append_device_id)\((.*)\)$',e,re.S)
    if m and not e.startswith('util.safeUrl'):
        args,_=split(e,e.index('(')+1); p=path(args[0],vals,depth)
        if 'AGILE' in e: args[0]='"AGILE:"+'+args[0]; p=path(args[0],vals,depth)
        f=lambda p: re.sub(r'\{[^}]*\}|%s|%\(\w+\)[sd]','{}',p)
        return None if p is None else [f(x) for x in p] if isinstance(p,list) else f(p)
    if vals and depth<3 and re.match(r'^[\w.]+$',e) and e in vals: return vals[e][0] if len(vals[e])==1 else vals[e]
    return None
def norm(p): return re.sub(r'\{[^}]*\}','{}',p.split('?')[0].rstrip('/'))
def functions(code):
    if PY:
        starts=[m.start() for m in re.finditer(r'^[ ]*(?:async )?def ',code,re.M)]
    else:
        starts=[m.start() for m in re.finditer(r'^[ \t]*(?:[\w.$]+\s*=\s*(?:async )?function|[\w$]+\s*:\s*(?:async )?function|(?:async )?function\b|(?:static )?(?:async )?\*?[\w$]+\s*\([^;]*\)\s*\{|value: function|[\w$]+: (?:async )?\()',code,re.M) if not re.match(r'\s*(if|for|while|switch|catch|return)\b',code[m.start():])]
    starts=[0]+starts+[len(code)]
    return starts
def extract(root,pattern,rules,base='',skip=None,globals_=None):
    global PY
    out=set()
    for f in sorted(glob.glob(root+'/'+pattern,recursive=True)):
        if skip and re.search(skip,f): continue
        PY=f.endswith('.py')
        code=open(f,errors='replace').read()
        blank=lambda m: re.sub(r'[^\n]',' ',m[0])
        if not PY: code=re.sub(r'/\*.*?\*/',blank,code,flags=re.S)
        else: code=re.sub(r'"""(?:.*?)"""',blank,code,flags=re.S)
        starts=functions(code)
        ep=(re.findall(r"self\.endpoint = '([^']*)'",code) or [''])[0]
        consts=dict(globals_ or {})
        if PY:
            for m in re.finditer(r'^([A-Z_]+) = (.*(?:\\\n.*)*)',code,re.M):
                p=path(m[2].replace('\\\n',' '))
                if p: consts[m[1]]=[p]
        if not PY:
            for m in re.finditer(r'\b([A-Z][A-Z_]+) = ((?:"[^"]*"|\'[^\']*\'))',code): consts[m[1]]=[m[2][1:-1]]
        for a,b in zip(starts,starts[1:]):
            src=code[a:b]; vals={k:list(v) for k,v in consts.items()}
            asg=[]
            for m in re.finditer(r'(?:^|[;{\n])\s*(?:var |let |const )?([\w.]+)\s*(\+?)=(?!=)\s*',src):
                args,_=split(src,m.end()) ; e=args[0]
                if not PY: e=top(e,';')[0]
                else:
                    # up to the end of the logical line
                    depth=0; e2=''; q=None
                    for c in src[m.end():]:
                        if q: q=None if c==q else q
                        elif c in '"\'': q=c
                        elif c in '([{': depth+=1
                        elif c in ')]}': depth-=1
                        elif c=='\n' and depth<=0: break
                        e2+=c
                    e=e2
                asg.append((m.start(),m[1],m[2],e))
            for at,name,plus,e in asg:
                if PY and re.search(r'\bif\b.*\belse\b',e): continue
                p=path(e,vals)
                if p is None: continue
                ps=p if isinstance(p,list) else [p]
                if plus: vals[name]=vals.get(name,[])+[x+y for x in vals.get(name,['']) for y in ps]
                else: vals.setdefault(name,[]); vals[name]=[x for x in vals[name] if x not in ps]+ps
            for rx,method,where in rules:
                for m in re.finditer(rx,src):
                    args,end=split(src,m.end())
                    named={}; 
                    pos=[]
                    for x in args:
                        k=re.match(r'^(\w+)\s*=(?!=)\s*',x) if PY else None
                        if k: named[k[1]]=x[k.end():]
                        else: pos.append(x)
                    if not PY and pos and pos[0].startswith('{'):
                        for x in split(pos[0],1)[0]:
                            k=re.match(r'^["\']?(\w+)["\']?\s*:\s*',x)
                            if k: named[k[1]]=x[k.end():]
                            elif re.match(r'^\w+$',x): named[x]=x
                    def pick(w):
                        if isinstance(w,int): return pos[w] if w<len(pos) else None
                        for x in w.split('|'):
                            if x.isdigit():
                                if int(x)<len(pos): return pos[int(x)]
                            elif x in named: return named[x]
                    e=pick(where)
                    if e is None: continue
                    if name_=='jira-py' and any('AGILE' in a for a in args): e='"AGILE:"+'+e
                    if callable(method): v=method(m,pos,named)
                    else: v=method
                    if v is None: continue
                    p=path(e,vals)
                    if p is None: continue
                    for x in (p if isinstance(p,list) else [p]):
                        x=norm(base+('/' if not x.startswith('/') and base is not None else '')+x)
                        if name_=='jira-py':
                            x=re.sub(r'^/rest/api/2/\{\}(?=/)','',x); x=x.replace('/rest/api/2/AGILE:','/rest/agile/1.0/')
                        x=x.replace('/api/v3/{}','/api/v3/') if name_=='coingecko' else x
                        if name_=='mailchimp3': x=x.replace('$EP$',ep)
                        x=re.sub(r'^/\{\}(?=/)','',x) if name_ in ('trello','freshdesk') else x
                        if not re.search(r'[a-zA-Z]',x.replace('{}','')): continue
                        if '}{' in x and name_!='py_trello': continue
                        if base and name_!='hvac' and x[len(base):].startswith('/{}'): continue
                        if ' ' in x or x.startswith('/http'): continue
                        n=code.count('\n',0,a+m.start())+1; n2=code.count('\n',0,a+end)+1
                        lo=code.count('\n',0,a)+1
                        out.add((os.path.relpath(f,root),min(lo,n),n2,v.upper(),x))
    return out
# a word that stands as a text
lit=lambda s: (STR.match(s.strip())[2][1:-1] if s and STR.match(s.strip()) else None)
g1=lambda m,pos,named: {'del':'delete','remove':'delete'}.get(m[1].lower(),m[1].lower())
def argm(i,default=None):
    def f(m,pos,named):
        e=named.get('method') if 'method' in named else (pos[i] if i is not None and i<len(pos) else None)
        if e is None: return default
        return lit(e) or (re.sub(r'.*\.','',e) if re.fullmatch(r'(?:rest|superagent|HttpManager)\.\w+',e) else None)
    return f
CLIENTS={
 'freshdesk':('client.js',[(r'\bmakeRequest\(',lambda m,p,n: lit(p[0]) if p else None,2)],'','/'),
 'razorpay':('resources/*.js',[(r'\bapi\.(get|post|put|patch|delete)\(',g1,'url|0')],'/v1','https://api.razorpay.com'),
 'coinbase':('lib/**/*.js',[(r'\b_(get|post|put|delete)(?:All|One)?Http\(',g1,'path|0'),(r'\b_getAllHttp\(\s*_\.assign\(args \|\| \{\}, ','GET','path'),(r'\b(?:_getAllHttp|_getOneHttp)\(','GET','path|0')],'/v2','https://api.coinbase.com'),
 'docker-py':('docker/api/*.py',[(r'\b_(get|post|put|delete)\(\s*',g1,0),(r'\b_(post)_json\(',g1,0),(r'\bself\._result\(self\._(get|post|delete)\(',g1,0)],'','/'),
 'canvasapi':('canvasapi/*.py',[(r'requester\.request\(',lambda m,p,n: lit(p[0]) if p else None,1),(r'\bPaginatedList\(',lambda m,p,n: lit(p[2]) if len(p)>3 else None,3)],'/api/v1','/'),
 'grafana':('grafana_client/elements/*.py',[(r'\bself\.client\.(GET|POST|PUT|DELETE|PATCH)\(',g1,0)],'/api','/'),
 'coingecko':('pycoingecko/api.py',[(r'\b__request\(','GET',0)],'/api/v3','https://api.coingecko.com'),
 'linode':('linode_api4/**/*.py',[(r'\bclient\.(get|post|put|delete)\(',g1,0)],'/v4','https://api.linode.com'),
 'mailchimp3':('mailchimp3/entities/*.py',[(r'\b_mc_client\._(get|post|put|patch|delete)\(',g1,'url|0'),(r'\bself\._iterate\(','GET','url|0')],'/3.0','/'),
 'github-js':('*.js',[(r'\b_request(?:204or404)?\(',lambda m,p,n: lit(p[0]) if lit(p[0]) else ('GET' if '204' in m[0] else None),1),(r'\b_request(?:AllPages|204or404)\(',lambda m,p,n:'GET',0)],'','https://api.github.com'),
 'jira-js':('lib/jira.js',[(r'\b(?:makeRequestHeader)\(',lambda m,p,n: (lit(re.search(r"method: ('\w+')",p[1])[1]) if len(p)>1 and re.search(r"method: ('\w+')",p[1]) else 'GET'),'0')],'','/'),
 'trello':('main.js',[(r'\bmakeRequest\(',lambda m,p,n: {'del':'delete'}.get(p[0][5:],p[0][5:]) if p and p[0].startswith('rest.') else None,1)],'','https://api.trello.com'),
 'asana-js':('lib/resources/**/*.js',[(r'\bdispatch(Get|Post|Put|Delete|GetCollection)\(',lambda m,p,n: m[1].replace('Collection',''),0)],'/api/1.0','https://app.asana.com'),
 'disconnect':('lib/*.js',[(r'\b(?:client|this)\.(get|post|put|delete)\(',g1,'url|0')],'','https://api.discogs.com'),
 'intercom':('dist/*.js',[(r'\bclient\.(get|post|put)\(',g1,0),(r'\bclient\["(delete)"\]\(',g1,0)],'','https://api.intercom.io'),
 'spotipy':('spotipy/client.py',[(r'\bself\._(get|post|put|delete)\(',g1,0)],'/v1','https://api.spotify.com/v1'),
 'hvac':('hvac/api/**/*.py',[(r'\b_adapter\.(get|post|put|delete|patch)\(',g1,'url|0')],'','/'),
 'jira-py':('jira/client.py',[(r'\b_session\.(get|post|put|delete)\(',g1,0),(r'\b_get_json\(','GET',0),(r'\b_fetch_pages\(','GET',2)],'/rest/api/2','/'),
 'py_trello':('trello/*.py',[(r'\bfetch_json\(',lambda m,p,n: lit(n['http_method']) if 'http_method' in n else 'GET','0|uri_path')],'/1','https://api.trello.com/1'),
 'pydiscourse':('pydiscourse/client.py',[(r'\bself\._(get|post|put|delete)\(',g1,0),(r'\bself\._request\(',argm(0),1)],'','/'),
 'consul':('consul/base.py',[(r'\bhttp\.(get|put|delete|post)\(',g1,1)],'','/'),
 'shodan':('shodan/client.py',[(r'\b_request\(',lambda m,p,n: lit(n['method']) if 'method' in n else 'GET',0)],'','https://api.shodan.io'),
 'tweepy':('tweepy/client.py',[(r'\b_make_request\(',lambda m,p,n: lit(p[0]) if p else None,1)],'','https://api.twitter.com'),
 'tweepy1':('tweepy/api.py',[(r'\bself\.request\(',lambda m,p,n: lit(p[0]) if p else None,1)],'/1.1','https://api.twitter.com'),
}
def document(name,truth,where):
    paths={}
    def add(p,m,own=True):
        it=iter(range(99)); q=re.sub(r'\{\}',lambda _: '{p%d}'%next(it),p)
        if not q.strip('/') : return
        paths.setdefault(q,{})[m.lower()]={'parameters':[{'name':'p%d'%n,'in':'path','required':True,'schema':{'type':'string'}} for n in range(q.count('{'))],'responses':{'200':{'description':'ok'}}}
    for _,_,_,m,p in truth: add(p,m)
    # decoys: siblings, children, other methods
    known={(m,p) for *_,m,p in truth}
    for _,_,_,m,p in sorted(truth):
        for q in (p+'/audits',p+'/{}/history',re.sub(r'/[^/]*$','/overview',p)):
            if q.count('/')>1 and not q.replace('/{}','')=='' : 
                for v in ('GET','POST'):
                    if (v,q) not in known: add(q,v)
        for v in ('GET','POST','PUT','DELETE','PATCH'):
            if (v,p) not in known: add(p,v)
    host=re.match(r'https?://([^/]+)',CLIENTS[name][3] or '')
    base=CLIENTS[name][2]
    if name in WHOLE: base=''
    if base: paths={k[len(base):] or '/':v for k,v in paths.items() if k.startswith(base+'/')}
    # the base path of the server is in the paths here
    json.dump({"openapi":"3.0.3","info":{"title":name,"version":"1"},"servers":[{"url":('https://'+host[1] if host else '')+(base or '/')}],"paths":paths},open(where,'w'),indent=0)
def report(name,truth,calls):
    j=json.load(open(calls))
    found=[c for c in j['calls'] if c['confidence']!='low']; low=[c for c in j['calls'] if c['confidence']=='low']
    fit=lambda c,t: c['file'].endswith(t[0]) and t[1]-1<=c['line']<=t[2]+1 and c['method']==t[3] and c.get('operation') and norm((CLIENTS[name][2] if name not in WHOLE else '')+c['operation']['path'])==t[4]
    hit=[t for t in truth if any(fit(c,t) for c in found)]; miss=[t for t in sorted(truth) if t not in hit]
    lowhit=sum(any(fit(c,t) for c in low) for t in miss)
    files={t[0] for t in truth}
    found=[c for c in found if any(c['file'].endswith('/'+f) for f in files)]
    bad=[c for c in found if not any(fit(c,t) for t in truth)]
    print(f"{name}: truth {len(truth)} recall {len(hit)} = {100*len(hit)/max(1,len(truth)):.1f}% (+{lowhit} low) precision {len(found)-len(bad)}/{len(found)} = {100*(len(found)-len(bad))/max(1,len(found)):.1f}%")
    V=int(os.environ.get('V',0))
    for m in miss[:V]: print('  miss',m)
    for c in bad[:V]: print('  bad',c['file'][-40:],c['line'],c['method'],c['url'],(c.get('operation') or {}).get('path'),c['status'],c['via'],c['confidence'])
WHOLE=('jira-py','notion-py','tweepy','tweepy1','coingecko')
def run(name,root):
    global name_
    name_=name
    pattern,rules,base,_=CLIENTS[name]
    truth=extract(root,pattern,rules,base)
    return {(f,a,b,m,p+'.json') for f,a,b,m,p in truth} if name=='tweepy1' else truth
if __name__=='__main__':
    what,name,root,file=sys.argv[1:]
    globals()[what](name,run(name,root),file)
